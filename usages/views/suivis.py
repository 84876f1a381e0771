"""Les indicateurs suivis d'une grappe : les lire, les choisir, leurs cibles, ce qu'on surveille."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.forms.referentiel import ConfirmationForm
from programme.models import Grappe
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.indicateurs import ChoixForm, CibleForm, SurveillanceForm
from usages.models import Cible, RegleIndicateur
from usages.permissions import peut_conduire_les_chiffres, peut_fixer_les_cibles, peut_lire_usages
from usages.services.indicateurs import cibles, pages
from usages.services.indicateurs import suivis as services
from usages.views.indicateurs import DETAIL, SAISIE, indicateur_visible

PAGE, FICHE = "usages:grappe-indicateurs", "usages:grappe-indicateur"


def _grappe_lue(request: Requete, pk: int) -> Grappe:
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    return grappe


def _grappe_conduite(request: Requete, pk: int) -> Grappe:
    grappe = grappe_visible(request, pk)
    exiger(peut_conduire_les_chiffres(request.user, grappe))
    return grappe


@require_safe
def grappe_indicateurs(request: Requete, pk: int) -> HttpResponse:
    """Ce que la grappe relève, famille par famille, et ce que cela fait taper."""
    grappe = _grappe_lue(request, pk)
    contexte = {
        "grappe": grappe,
        "page": pages.lire(grappe, timezone.localdate(), avec_regles=True),
        "tient": bool(peut_conduire_les_chiffres(request.user, grappe)),
    }
    return render(request, "usages/grappe_indicateurs.html", contexte)


@require_http_methods(["GET", "POST"])
def choisir(request: Requete, pk: int) -> HttpResponse:
    """Cocher ce que la grappe suit ; au-delà du budget de saisie, le refus dit le compte."""
    grappe, au = _grappe_conduite(request, pk), timezone.localdate()
    offres = pages.offres(grappe, au)
    deja = [i.pk for i in services.suivis(grappe, au)]
    formulaire = ChoixForm(
        request.POST or None,
        offres=offres,
        initial={"indicateurs": deja or pages.proposes(offres), "vu": services.jeton_de(grappe)},
    )
    return saisir(
        request,
        formulaire,
        lambda: services.choisir(
            grappe=grappe, indicateurs=formulaire.choisis(), par=request.user, vu=formulaire.version_vue()
        ),
        relire=lambda: services.jeton_de(grappe),
        retour=reverse(PAGE, args=[pk]),
        succes=lambda fait: _dire(*fait),
        gabarit="usages/grappe_indicateurs_choisir.html",
        grappe=grappe,
        premier=not deja,
    )


def _dire(nouveaux: int, arretes: int) -> str:
    if not nouveaux and not arretes:
        return "Rien n’a changé."
    dits = [accorde(nouveaux, "indicateur de plus,indicateurs de plus")] if nouveaux else []
    if arretes:
        dits.append(accorde(arretes, "indicateur arrêté,indicateurs arrêtés"))
    return f"{', '.join(dits)}. Ils comptent dans les relevés qui s’ouvriront désormais."


@require_safe
def grappe_indicateur(request: Requete, pk: int, code: str) -> HttpResponse:
    """Un indicateur dans la grappe : depuis quand, ce qu'on y vise, ce qu'on y surveille."""
    grappe, indicateur = _grappe_lue(request, pk), indicateur_visible(request, code)
    contexte = {
        "grappe": grappe,
        "indicateur": indicateur,
        "fiche": pages.fiche_suivie(grappe, indicateur, timezone.localdate()),
        "tient": bool(peut_conduire_les_chiffres(request.user, grappe)),
    }
    return render(request, "usages/grappe_indicateur.html", contexte)


@require_http_methods(["GET", "POST"])
def arreter(request: Requete, pk: int, code: str) -> HttpResponse:
    """Cesser de relever un indicateur ; on confirme."""
    grappe, indicateur = _grappe_conduite(request, pk), indicateur_visible(request, code)
    return saisir(
        request,
        ConfirmationForm(request.POST if request.method == "POST" else None),
        lambda: services.arreter(grappe=grappe, indicateur=indicateur, par=request.user),
        retour=reverse(PAGE, args=[pk]),
        succes=f"« {indicateur} » ne se relève plus dans cette grappe.",
        gabarit="usages/suivi_confirmer.html",
        grappe=grappe,
        titre=f"Arrêter « {indicateur} »",
        consequences=(
            "Les prochains relevés ne le demanderont plus.",
            "Les chiffres déjà donnés restent, ainsi que ses cibles.",
            "On peut le reprendre à tout moment.",
        ),
        libelle="Arrêter cet indicateur",
        annuler_url=reverse(FICHE, args=[pk, code]),
    )


@require_http_methods(["GET", "POST"])
def surveiller(request: Requete, pk: int, code: str) -> HttpResponse:
    """Ce dont la grappe veut être avertie."""
    grappe, indicateur = _grappe_conduite(request, pk), indicateur_visible(request, code)
    regles = RegleIndicateur.objects.filter(grappe=grappe, indicateur=indicateur)
    formulaire = SurveillanceForm(request.POST or None, regles=regles)
    return saisir(
        request,
        formulaire,
        lambda: cibles.surveiller(
            grappe=grappe,
            indicateur=indicateur,
            par=request.user,
            **{nom: formulaire.cleaned_data[nom] for nom in ("natures", "part", "releves")},
        ),
        retour=reverse(FICHE, args=[pk, code]),
        succes=lambda actives: _dire_les_regles(len(actives)),
        gabarit=SAISIE,
        grappe=grappe,
        indicateur=indicateur,
        titre="Régler les alertes",
        chapeau=f"{indicateur}. Une règle de plus, c’est une réponse de plus à donner.",
        libelle="Enregistrer les alertes",
    )


def _dire_les_regles(nombre: int) -> str:
    return (
        f"{accorde(nombre, 'règle surveille,règles surveillent')} cet indicateur." if nombre else "Plus d’alerte ici."
    )


# --- les cibles ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def cible_creer(request: Requete, pk: int, code: str) -> HttpResponse:
    """Poser la cible de la grappe : elle l'emporte sur celle de son instruction."""
    grappe, indicateur = _grappe_conduite(request, pk), indicateur_visible(request, code)
    formulaire = CibleForm(request.POST or None, indicateur=indicateur, initial={"du": timezone.localdate()})
    return saisir(
        request,
        formulaire,
        lambda: cibles.poser(indicateur=indicateur, grappe=grappe, par=request.user, **formulaire.champs()),
        retour=reverse(FICHE, args=[pk, code]),
        succes=f"La cible de « {indicateur} » est posée.",
        gabarit=SAISIE,
        grappe=grappe,
        indicateur=indicateur,
        titre="Poser une cible",
        chapeau=f"{indicateur}. Une cible est un repère pour l’équipe ; elle ne barre jamais la routine.",
        libelle="Poser la cible",
    )


def _cible(request: Requete, pk: int) -> Cible:
    vues = Cible.objects.visibles_par(request.user).select_related("indicateur", "grappe", "instruction")
    cible = get_object_or_404(vues, pk=pk)
    exiger(peut_fixer_les_cibles(request.user, cible.grappe))
    return cible


def _retour(cible: Cible) -> str:
    code = cible.indicateur.code
    return reverse(FICHE, args=[cible.grappe_id, code]) if cible.grappe_id else reverse(DETAIL, args=[code])


@require_http_methods(["GET", "POST"])
def cible_modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une cible."""
    cible = _cible(request, pk)
    histoire = Cible.history.filter(id=pk)
    formulaire = CibleForm(
        request.POST or None, indicateur=cible.indicateur, cible=cible, initial={"vu": jeton(histoire)}
    )
    return saisir(
        request,
        formulaire,
        lambda: cibles.corriger(cible=cible, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()),
        relire=lambda: jeton(histoire),
        retour=_retour(cible),
        succes=f"La cible de « {cible.indicateur} » est corrigée.",
        gabarit=SAISIE,
        grappe=cible.grappe,
        indicateur=cible.indicateur,
        titre="Corriger une cible",
        chapeau=f"{cible.indicateur}, {cible.grappe or cible.instruction}.",
        libelle="Enregistrer la cible",
    )


@require_http_methods(["GET", "POST"])
def cible_retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer une cible posée par erreur ; on confirme."""
    cible = _cible(request, pk)
    return saisir(
        request,
        ConfirmationForm(request.POST if request.method == "POST" else None),
        lambda: cibles.retirer(cible=cible, par=request.user),
        retour=_retour(cible),
        succes=f"La cible de « {cible.indicateur} » est retirée.",
        gabarit="usages/suivi_confirmer.html",
        grappe=cible.grappe,
        titre=f"Retirer la cible de « {cible.indicateur} »",
        consequences=(
            "Celle d’avant vaut de nouveau ; sinon celle de l’instruction ; sinon aucune.",
            "Pour en changer à partir d’un jour, posez plutôt la suivante.",
        ),
        libelle="Retirer cette cible",
        annuler_url=_retour(cible),
    )
