"""Les réponses, par le lien d'une affiche : sans compte, sans session, rien qui dise qui les lit."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from programme.socle.erreurs import Refus
from programme.views.discretion import discrete
from usages.forms.retours_reponses import SoutienForm
from usages.models import LienDeRetour, Retour
from usages.services.retours import debit, soutiens
from usages.services.retours.liens import adresse_de, fermeture, lien_de
from usages.services.retours.reponses import lire_de_l_esms
from usages.views.retours.capture import page
from usages.views.retours.temoins import Temoin, a_soutenir

CLE_PERDUE = "Votre « nous aussi » n'est pas parti : pressez le bouton de nouveau."


def _temoin(lien: LienDeRetour) -> Temoin:
    return Temoin("nous-aussi", reverse("usages:retour-lien", args=[lien.jeton]))


def _ferme(lien: LienDeRetour | None) -> HttpResponse | None:
    """Ce qu'on répond quand l'adresse n'ouvre rien : 404 inconnue, 410 close ; None si elle ouvre."""
    motif = fermeture(lien, timezone.localdate()) if lien else ""
    if lien is not None and not motif:
        return None
    return page("retour_lien_ferme", {"motif": motif}, 410 if motif else 404)


def _page(request: HttpRequest, lien: LienDeRetour, refus: str = "", status: int = 200) -> HttpResponse:
    lu = lire_de_l_esms(lien.parcours, timezone.localdate())
    contexte = {
        "lien": lien,
        "lu": lu,
        "en_cours": a_soutenir(lu.en_cours, _temoin(lien).lire(request)),
        "refus": refus,
        "donner_url": adresse_de(lien, request.build_absolute_uri("/")),
    }
    return page("retour_lien_reponses", contexte, status)


@login_not_required
@discrete
@require_safe
def reponses(request: HttpRequest, jeton: str) -> HttpResponse:
    """Les réponses de l'ESMS et ce qui y est en cours, par résumés. Adresse inconnue : 404 ; close : 410."""
    lien = lien_de(jeton)
    ferme = _ferme(lien)
    if ferme or lien is None:
        return ferme or HttpResponse(status=404)
    return _page(request, lien)


@csrf_exempt
@login_not_required
@discrete
@require_POST
def soutenir(request: HttpRequest, jeton: str, pk: int) -> HttpResponse:
    """« Nous aussi », au nom de l'unité du lien. Le jeton tient lieu de garde : on n'agit ici au nom de personne."""
    lien = lien_de(jeton)
    ferme = _ferme(lien)
    if ferme or lien is None:
        return ferme or HttpResponse(status=404)
    temoin, formulaire = _temoin(lien), SoutienForm(request.POST)
    # Ce que la page montre, et rien d'autre : joindre sa voix le ferait entrer dans la page.
    offerts = Retour.objects.publics(timezone.localdate()).de_l_esms(lien.parcours)
    retour = offerts.select_related("parcours", "porte_par__parcours").filter(pk=pk).first()
    if retour is None:
        return page("retour_lien_ferme", {"motif": ""}, 404)
    if not formulaire.is_valid():
        return _page(request, lien, CLE_PERDUE, status=422)
    reponse = redirect(f"{reverse('usages:retour-lien-reponses', args=[jeton])}#dit-{pk}")
    if retour.pk in temoin.lire(request):
        return reponse
    try:
        debit.compter_un_depot(jeton=jeton, adresse=debit.adresse_de(request.META))
    except debit.TropDEnvois as trop:
        return _page(request, lien, trop.motif, status=429)
    try:
        soutiens.soutenir(retour=retour, parcours=lien.parcours, unite=lien.unite, cle=formulaire.cleaned_data["cle"])
    except Refus as refus:
        return _page(request, lien, refus.motif, status=409)
    return temoin.retenir(request, reponse, retour.pk)
