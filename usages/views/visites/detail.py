"""Une visite : qui vient, quand, pourquoi ; ce qu'on en dit se corrige."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.services.journal import passages_en_journal
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.visites import ProgrammeTypeForm, VisiteForm
from usages.models import Visite
from usages.permissions import peut_ecrire_dans_l_etude, peut_lire_l_etude
from usages.services.retours.croisements import empreinte_vue
from usages.services.visites import gestes as services
from usages.services.visites import lecture
from usages.views.visites.commun import DETAIL, visite_ecrite, visite_vue


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Le programme, les personnes rencontrées, les gestes ; à l'équipe, ce qu'elle y a recueilli."""
    visite = visite_vue(request, pk)
    dedans = bool(peut_lire_l_etude(request.user, visite))
    tient = bool(peut_ecrire_dans_l_etude(request.user, visite))
    lecture.donner_la_raison([visite])
    contexte = {
        "visite": visite,
        "page": lecture.page_de(visite, dedans=dedans),
        "dedans": dedans,
        "tient": tient and visite.se_prepare,
        "ecrit": tient,
        "note": tient and visite.se_note,
        "type": ProgrammeTypeForm(),
        "histoire": passages_en_journal(visite),
    }
    return render(request, "usages/visite_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger ce qu'on vient voir, et pourquoi cet ESMS."""
    visite = visite_ecrite(request, pk)
    depart = {nom: getattr(visite, nom) for nom in services.CHAMPS} | {"vu": empreinte_vue(visite, services.CHAMPS)}
    formulaire = VisiteForm(request.POST or None, initial=depart)
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_visite(
            visite=visite, par=request.user, vu=formulaire.cleaned_data["vu"], **formulaire.valeurs()
        ),
        retour=reverse(DETAIL, args=[pk]),
        succes="La visite est à jour.",
        relire=lambda: empreinte_vue(Visite.objects.get(pk=pk), services.CHAMPS),
        gabarit="usages/visite_saisie.html",
        visite=visite,
        titre="Modifier la visite",
        libelle="Enregistrer",
    )
