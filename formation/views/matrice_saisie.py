"""Remplir la grille : un formulaire ordinaire, qu'un script rend plus rapide ; coller un bloc ; à plusieurs."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from formation.calculs.matrice import ATTENDUS, Case, Cle, comparer, croiser, lire_bloc
from formation.models import Matrice
from formation.services import lecture_matrices as lecture
from formation.services import matrices as services
from formation.views.matrices import DETAIL, matrice_a_preparer
from programme.contexte import oublier_le_compte
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.requete import Requete

SECONDES_PAR_CASE = 2
RIEN_A_COLLER = "Collez d'abord un bloc : des cases copiées de votre tableur."


@dataclass
class Saisie:
    """Ce qu'on tient à l'écran : les cases, leur version, celle d'où l'on est parti, ce qu'il faut relire."""

    matrice: Matrice
    cases: dict[Cle, Case]
    depart: dict[Cle, Case]
    version: int
    fautes: list[str] = field(default_factory=list)
    signalees: list[Cle] = field(default_factory=list)
    colle: str = ""
    case: str = ""
    avis: str = ""
    entre_temps: list[lecture.EcartLu] = field(default_factory=list)


def _lire_case(texte: str) -> Case:
    droit, _, portee = texte.partition(":")
    return droit, portee or lecture.AUCUN[1]


def _cle(nom: str) -> Cle | None:
    """« c-12-3 » → (12, 3)."""
    morceaux = nom.split("-")
    chiffres = all(m.isascii() and m.isdecimal() and len(m) < 12 for m in morceaux[1:])
    return (int(morceaux[1]), int(morceaux[2])) if morceaux[0] == "c" and len(morceaux) == 3 and chiffres else None


def _ecrire_depart(cases: dict[Cle, Case]) -> str:
    return " ".join(f"{p}-{m}={droit}:{portee}" for (p, m), (droit, portee) in sorted(cases.items()))


def _lire_depart(texte: str) -> dict[Cle, Case]:
    lus = (morceau.partition("=") for morceau in texte[:60_000].split())
    return {cle: _lire_case(valeur) for nom, _, valeur in lus if (cle := _cle(f"c-{nom}"))}


def _lire(request: Requete, matrice: Matrice) -> Saisie:
    """La saisie envoyée ; ce que le formulaire ne porte pas reste, ce qui est faux se dit et ne se garde pas."""
    envoyees = {cle: _lire_case(str(valeur)) for nom, valeur in request.POST.items() if (cle := _cle(nom))}
    version = request.POST.get("saisie", "")
    actuelles = matrice.cases()
    depart = services.trier(matrice, _lire_depart(request.POST["depart"]))[0] if "depart" in request.POST else actuelles
    bonnes, fautes = services.trier(matrice, envoyees)
    return Saisie(
        matrice,
        {**depart, **bonnes},
        depart,
        int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else -1,
        fautes,
        colle=request.POST.get("bloc", "")[:200_000],
        case=request.POST.get("case", ""),
    )


@require_http_methods(["GET", "POST"])
def saisir(request: Requete, pk: int) -> HttpResponse:
    """La grille à remplir ; enregistrée d'un coup."""
    matrice = matrice_a_preparer(request, pk)
    try:
        services.exiger_modifiable(matrice)
    except Refus as refus:
        messages.warning(request, refus.motif)
        return redirect(DETAIL, pk=pk)
    if request.method == "GET":
        cases = matrice.cases()
        return _montrer(request, Saisie(matrice, cases, cases, matrice.saisie))
    saisie = _lire(request, matrice)
    if saisie.fautes:
        return _montrer(request, saisie, 422)
    if request.POST.get("geste") == "coller":
        return _coller(request, saisie)
    return _enregistrer(request, saisie)


def _montrer(request: Requete, s: Saisie, status: int = 200) -> HttpResponse:
    reference = s.matrice.modele.cases() if s.matrice.modele else None
    grille = lecture.lire_grille(s.matrice, s.cases, reference=reference, signalees=s.signalees)
    contexte = {
        "matrice": s.matrice,
        "saisie": s,
        "grille": grille,
        "depart": _ecrire_depart(s.depart),
        "choix": lecture.CHOIX,
        "attendus": ATTENDUS,
        "secondes": grille.nb_cases * SECONDES_PAR_CASE,
        "non_enregistre": len(comparer(s.depart, s.cases)),
    }
    return render(request, "formation/matrice_saisir.html", contexte, status=status)


def _rangs(case: str, grille: lecture.Grille) -> tuple[int, int]:
    """Les rangs de la case de départ d'un collage ; la première à défaut."""
    profils, modules = [p for p, _ in grille.noms_profils], [m for m, _ in grille.noms_modules]
    cle = _cle(case)
    if cle is None or cle[0] not in profils or cle[1] not in modules:
        return 0, 0
    return profils.index(cle[0]), modules.index(cle[1])


def _coller(request: Requete, s: Saisie) -> HttpResponse:
    """Un bloc lu par le serveur : posé en entier, ou refusé en disant où ; rien n'est enregistré."""
    if not s.colle.strip():
        s.fautes = [RIEN_A_COLLER]
        return _montrer(request, s, 422)
    grille = lecture.lire_grille(s.matrice, s.cases)
    bloc = lire_bloc(
        s.colle, grille.noms_profils, grille.noms_modules, depart=_rangs(s.case, grille), actuelles=s.cases
    )
    if bloc.fautes:
        s.fautes = bloc.fautes
        return _montrer(request, s, 422)
    changees = comparer(s.cases, {**s.cases, **bloc.cases})
    s.cases, s.signalees, s.colle = {**s.cases, **bloc.cases}, [e.cle for e in changees], ""
    s.avis = (
        f"{accorde(len(bloc.cases), 'case collée,cases collées')}, {accorde(len(changees), 'change,changent')}. "
        "Relisez, puis enregistrez : rien n’est encore écrit."
    )
    return _montrer(request, s)


def _enregistrer(request: Requete, s: Saisie) -> HttpResponse:
    try:
        changes = services.ecrire_cases(s.matrice, s.cases, saisie=s.version, par=request.user)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        if refus.code == "concurrence":
            return _se_croiser(request, s, refus)
        if refus.code == "etat":
            messages.warning(request, refus.motif)
            return redirect(DETAIL, pk=s.matrice.pk)
        s.fautes = refus.champs.get("cases", [refus.motif])
        return _montrer(request, s, 422)
    mot = accorde(len(changes), "case changée,cases changées") if changes else "Rien n’a changé"
    messages.success(request, f"Grille enregistrée : {mot}." if changes else f"{mot}.")
    return oublier_le_compte(redirect(DETAIL, pk=s.matrice.pk))


def _se_croiser(request: Requete, s: Saisie, refus: Refus) -> HttpResponse:
    """Quelqu'un a enregistré entre-temps : les deux saisies réunies, ce qu'il a changé, rien d'écrit."""
    actuelles = s.matrice.cases()
    s.entre_temps = lecture.lire_ecarts(comparer(s.depart, actuelles))
    s.cases, s.signalees = croiser(s.depart, s.cases, actuelles)
    s.depart, s.avis = actuelles, refus.motif
    s.version = Matrice.objects.values_list("saisie", flat=True).get(pk=s.matrice.pk)
    return _montrer(request, s, 409)
