"""Les trames d'une étude : par thème et par forme, ce qu'on demande et ce qu'on regarde."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.socle.nombres import accorde
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.enums import FormeDeTemps, ThemeEffet
from usages.forms.visites import TrameForm
from usages.models import Trame
from usages.permissions import peut_ecrire_dans_l_etude
from usages.services.visites import trames as services
from usages.services.visites.trames_de_depart import DE_DEPART
from usages.views.visites.commun import etude_vue

PAGE = "usages:etude-trames"


@require_http_methods(["GET", "POST"])
def etude_trames(request: Requete, pk: int) -> HttpResponse:
    """Toutes, en un tableau ; POST : poser le jeu de départ là où rien n'est écrit."""
    etude = etude_vue(request, pk)
    if request.method == "POST":
        exiger(peut_ecrire_dans_l_etude(request.user, etude))
        nombre = services.poser_les_trames_de_depart(etude=etude, par=request.user)
        messages.success(
            request, f"{accorde(nombre, 'trame posée,trames posées')} : relisez-les, faites-en les vôtres."
        )
        return redirect(PAGE, pk=pk)
    rangees = services.rangees_de(etude)
    ecrites = {(r.theme, f) for r in rangees for f, trame in r.cases if trame}
    contexte = {
        "etude": etude,
        "rangees": rangees,
        "formes": services.FORMES,
        "vide": not ecrites,
        "reste_a_poser": len(set(DE_DEPART) - ecrites),
        "tient": bool(peut_ecrire_dans_l_etude(request.user, etude)),
    }
    return render(request, "usages/visite_trames.html", contexte)


@require_http_methods(["GET", "POST"])
def ecrire(request: Requete, pk: int, theme: str, forme: str) -> HttpResponse:
    """Les questions d'un thème, pour une forme ; rien d'écrit encore : celles du jeu de départ sont proposées."""
    etude = etude_vue(request, pk)
    exiger(peut_ecrire_dans_l_etude(request.user, etude))
    if theme not in ThemeEffet or forme not in services.FORMES:
        raise Http404("trame inconnue")
    cle = ThemeEffet(theme), FormeDeTemps(forme)

    def ecrites() -> str:
        return (
            Trame.objects.filter(etude=etude, theme=theme, forme=forme).values_list("questions", flat=True).first()
            or ""
        )

    avant = ecrites()
    depart = {"questions": avant or "\n".join(DE_DEPART.get(cle, ())), "vu": avant}
    formulaire = TrameForm(request.POST or None, initial=depart)
    return saisir(
        request,
        formulaire,
        lambda: services.ecrire_trame(
            etude=etude, theme=theme, forme=forme, par=request.user, **formulaire.cleaned_data
        ),
        retour=f"{reverse(PAGE, args=[pk])}#{theme}",
        succes=lambda trame: "La trame est à jour." if trame else "La trame est retirée.",
        relire=ecrites,
        gabarit="usages/visite_trame.html",
        etude=etude,
        theme=cle[0].label,
        forme=cle[1].label,
        neuve=not avant,
    )
