"""Les alertes : la liste, en donner une, la lire ; celles d'un ESMS sur sa page."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gouvernance.enums import SuitePoint
from gouvernance.filters.alertes import AlerteFilter
from gouvernance.forms.alertes import AlerteForm
from gouvernance.models import Alerte, Point
from gouvernance.permissions import peut_alerter_quelque_part, peut_donner_alerte
from gouvernance.services import alertes as services
from gouvernance.services import lecture_alertes as lecture
from gouvernance.tables.alertes import AlerteTable
from gouvernance.views.listes import VUES
from programme.models import Parcours
from programme.permissions import peut_lire_preparation
from programme.services.actions import cibles_ou_ecrire
from programme.socle.dates import date_courte
from programme.socle.listes import VueListe
from programme.socle.regles_alerte import libelle_de
from programme.views.cibles import demander_la_cible, lire_cible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

LISTE, CREER = "gouvernance:alerte-liste", "gouvernance:alerte-creer"


class AlerteListe(VueListe):
    """Les alertes que voit le lecteur, sans réponse et les plus pressées d'abord."""

    request: Requete
    gabarit = "gouvernance/alerte_liste.html"
    modele = Alerte
    table = AlerteTable
    filtre = AlerteFilter
    titre = "Alertes"
    chapeau = "Ce qui n’attend pas la prochaine séance. Le COMOP répond ; passé le délai, elles montent au COSTRAT."
    vues = VUES
    unite = "alerte"
    recherche = "Mots de l’alerte"
    tri = "echeance"
    nom_fichier = "alertes"
    redites = {"grappe": ("grappe",), "parcours": ("grappe", "pour")}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne."""
        return Alerte.objects.visibles_par(self.request.user).pour_lecture().avec_rang()

    def detailler(self) -> str:
        """Ce dont le délai est passé, parmi les lignes montrées."""
        ensemble: Any = self.ensemble
        passees = ensemble.order_by().en_retard(timezone.localdate()).count()
        return f"dont {passees} au délai passé" if passees else ""

    def contexte(self) -> dict[str, Any]:
        """Où donner l'alerte : déjà pour la grappe ou l'ESMS que dit le filtre."""
        if not peut_alerter_quelque_part(self.request.user):
            return {}
        vise = next((f"?{nom}={cle}" for nom in ("parcours", "grappe") if (cle := self.parametres.get(nom))), "")
        return {"url_creer": reverse(CREER) + vise}

    def vide(self) -> dict[str, str]:
        """Rien n'attend : d'où viennent les alertes."""
        if peut_alerter_quelque_part(self.request.user):
            texte = "Quand quelque chose bloque et ne peut pas attendre, donnez l’alerte : le COMOP vous répondra ici."
            geste = {"url": reverse(CREER), "libelle": "Donner l’alerte"}
        else:
            texte = "La direction, le référent, le siège ou le chef de projet les donnent ; les règles aussi."
            geste = {"url": reverse("programme:accueil"), "libelle": "Revenir à l’accueil"}
        return {"titre": "Aucune alerte sans réponse", "texte": texte, "icone": "inbox"} | geste


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Une alerte : ce qui se passe, qui s'en occupe, ce qu'on a répondu."""
    vues = Alerte.objects.visibles_par(request.user).pour_lecture()
    alerte, au = get_object_or_404(vues, pk=pk), timezone.localdate()
    contexte = {
        "alerte": alerte,
        "ton": lecture.ton_de(alerte, au),
        "en_retard": alerte.est_en_retard(au),
        "regle": libelle_de(alerte.regle) if alerte.regle else "",
        "vu_par_la_regle": lecture.ce_qu_a_vu_la_regle(alerte, request.user),
        "parcours_lu": lecture.parcours_lu(alerte, request.user),
        "cloture": lecture.cloture_de(alerte),
        "points": _points_sur(request, alerte),
        "histoire": lecture.histoire_de(alerte),
    }
    return render(request, "gouvernance/alerte_detail.html", contexte)


def _points_sur(request: Requete, alerte: Alerte) -> list[Point]:
    """Les points d'ordre du jour qui en parlent, que lit ce compte ; le plus récent d'abord. Une requête."""
    sorte = ContentType.objects.get_for_model(Alerte)
    points = Point.objects.visibles_par(request.user).filter(source_type=sorte, source_id=alerte.pk)
    inscrits = points.exclude(suite=SuitePoint.RETIRE).select_related("seance__comite")
    return list(inscrits.order_by("-seance__debut", "-pk")[:3])


@require_http_methods(["GET", "POST"])
def creer(request: Requete) -> HttpResponse:
    """Donner l'alerte ; `?parcours=` ou `?grappe=` dit pour quoi, sinon on le demande d'abord."""
    exiger(peut_alerter_quelque_part(request.user))
    choix = [] if (designee := _designee(request)) else cibles_ou_ecrire(request.user)
    cles = [cle for _, options in choix for cle, _ in options]
    designee = designee or (cles[0] if len(cles) == 1 else "")
    if not designee:
        return demander_la_cible(request, choix, creer=CREER, liste=LISTE, gabarit="gouvernance/alerte_cible.html")
    return _donner(request, designee)


def _donner(request: Requete, designee: str) -> HttpResponse:
    cible = lire_cible(request, designee)
    exiger(peut_donner_alerte(request.user, cible))
    formulaire = AlerteForm(request.POST or None)
    parcours = cible if isinstance(cible, Parcours) else None
    return saisir(
        request,
        formulaire,
        lambda: services.donner(cible=cible, par=request.user, **formulaire.champs()),
        retour=reverse("programme:parcours-detail" if parcours else "programme:grappe-detail", args=[cible.pk]),
        succes=lambda a: f"L’alerte « {a} » est donnée : réponse attendue avant le {date_courte(a.echeance)}.",
        vers=lambda a: reverse("gouvernance:alerte-detail", args=[a.pk]),
        gabarit="gouvernance/alerte_saisie.html",
        cible=cible,
        parcours=parcours,
        envoi=f"?cible={designee}",
        limite=services.echeance_de(cible.grappe_id if isinstance(cible, Parcours) else cible.pk, timezone.localdate()),
    )


def _designee(request: Requete) -> str:
    """« parcours-12 », « grappe-3 » : ce que dit l'adresse ; vide si elle ne dit rien."""
    nommees = (f"{nom}-{cle}" for nom in ("parcours", "grappe") if (cle := request.GET.get(nom)))
    return request.GET.get("cible") or next(nommees, "")


@require_safe
def de_l_esms(request: Requete, pk: int) -> HttpResponse:
    """Les alertes d'un ESMS, pour sa page : celles qui attendent, les réponses récentes."""
    vus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe")
    parcours = get_object_or_404(vus, pk=pk)
    exiger(peut_lire_preparation(request.user, parcours))
    encart = lecture.encart_de(parcours, par=request.user, au=timezone.localdate())
    return render(request, "gouvernance/fragments/alertes_encart.html", {"encart": encart})
