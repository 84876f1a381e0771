"""Ce que l'enveloppe de chaque page affiche : périmètre, navigation du rôle, démonstration."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from programme.enums import EtatParcours, Role, Titre, role_a_l_ecran
from programme.models import Parcours, Utilisateur
from programme.perimetre import Perimetre
from programme.socle.a_faire import demande_de, lues, partager
from programme.socle.nombres import accorde, liste
from programme.socle.onglets import debuts_d_esms, debuts_de_grappe, liens_du_compte

LECTEURS = (Role.ARS, Role.GRADES)
TERRAIN = (Role.APPUI, Role.MEMBRE)
TEMOIN = "a-faire"
DUREE_TEMOIN = 900
A_RELIRE = "a-relire"


@dataclass(frozen=True, slots=True)
class Entree:
    """Une entrée de navigation ; `routes` : débuts de noms de route où elle est courante."""

    libelle: str
    route: str
    icone: str
    routes: tuple[str, ...]


A_FAIRE = Entree("À faire", "accueil", "list", ("accueil", "faits"))
ACCUEIL = Entree("Accueil", "accueil", "list", ("accueil",))
DE_L_ESMS = (
    "parcours", "ouverture", "evenement", "ligne", "checklist", "chantier", "demandeparametrage", "analyselocale",
)  # fmt: skip
ESMS = Entree("ESMS", "parcours-liste", "house", DE_L_ESMS)
DU_TRONC = ("grappe", "vague", "convention", "avenant", "besoin", "application")
GRAPPES_LUES = Entree("Grappes", "grappe-liste", "grape", DU_TRONC)
GRAPPES = replace(GRAPPES_LUES, routes=(*DU_TRONC, "jalon"))
REGIONS = Entree("Régions", "region-liste", "map", ("region", "pays"))
JALONS = Entree("Jalons", "jalon-liste", "banknote", ("jalon",))
ACTIONS = Entree("Actions", "action-liste", "list-checks", ("action",))
ANNUAIRE = Entree("Annuaire", "esms-liste", "book-open", ("esms", "og", "groupe", "solution", "carte"))
COMPTES = Entree("Comptes", "affectation-liste", "users", ("affectation", "invitation", "compte", "passation", "sans"))
IMPORTS = Entree("Imports", "travail-liste", "download", ("import", "travail"))

RANGEES = {ESMS.route: debuts_d_esms, GRAPPES.route: debuts_de_grappe}
"""Ce que les autres apps rangent sous une entrée."""


def _entrees(p: Perimetre) -> tuple[Entree, ...]:
    """Au plus cinq entrées : celles de ce que la personne vient faire."""
    if not p.affectes:
        return (ACCUEIL, ANNUAIRE)
    if p.tient(Role.ADMIN):
        return (A_FAIRE, GRAPPES, ANNUAIRE, COMPTES, IMPORTS)
    roles = set(p.roles)
    if roles <= set(TERRAIN):
        return (ACCUEIL, ESMS, GRAPPES, ACTIONS)
    if roles == {Role.ARS}:
        return (ACCUEIL, JALONS, GRAPPES_LUES, ESMS, REGIONS)
    if roles <= {*LECTEURS, *TERRAIN}:
        return (ACCUEIL, ESMS, GRAPPES, REGIONS, ANNUAIRE)
    return (A_FAIRE, ESMS, GRAPPES, ACTIONS, ANNUAIRE)


def _compte(request: HttpRequest) -> int:
    """Compte de l'accueil ; ailleurs, le dernier qu'il a montré : le recalculer à chaque page coûterait la page."""
    if hasattr(request, "demande_a_faire"):
        return len(partager(lues(demande_de(request, timezone.localdate())))[0])
    a_qui, _, compte = request.COOKIES.get(TEMOIN, "").partition("-")
    return int(compte) if a_qui == str(request.user.pk) and compte.isdigit() and len(compte) < 4 else 0


def _est_a_relire(request: HttpRequest) -> bool:
    """Vrai entre une écriture et le prochain passage par l'accueil, qui recompte."""
    return not hasattr(request, "demande_a_faire") and request.COOKIES.get(TEMOIN) == A_RELIRE


def retenir_le_compte(reponse: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Garde le compte de l'accueil chez la personne : ni écriture en base, ni état sur le serveur."""
    valeur = f"{request.user.pk}-{_compte(request)}"
    reponse.set_cookie(
        TEMOIN, valeur, max_age=DUREE_TEMOIN, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return reponse


def oublier_le_compte(reponse: HttpResponse) -> HttpResponse:
    """Après une écriture, mieux vaut pas de compte qu'un compte faux : un point dit qu'il est à relire."""
    reponse.set_cookie(
        TEMOIN, A_RELIRE, max_age=DUREE_TEMOIN, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return reponse


def _navigation(request: HttpRequest, p: Perimetre) -> list[dict[str, Any]]:
    adresse = request.resolver_match
    ici = (adresse.url_name or "") if adresse else ""
    # La page d'un passage sert toutes les machines : elle est chez celle qu'elle fait avancer.
    debut = adresse.kwargs["modele"] if adresse and ici == "passage" else ici.split("-")[0]
    return [
        {
            "libelle": e.libelle,
            "url": reverse(f"programme:{e.route}"),
            "icone": e.icone,
            "courant": debut in e.routes or debut in RANGEES.get(e.route, ()),
            "compte": SimpleLazyObject(lambda: _compte(request)) if e is A_FAIRE else "",
            "a_relire": e is A_FAIRE and _est_a_relire(request),
        }
        for e in _entrees(p)
    ]


def _cibles(utilisateur: Utilisateur) -> list[str]:
    affectations = utilisateur.affectations.en_cours(timezone.localdate())
    lignes = affectations.values_list("region__nom", "grappe__nom", "og__nom", "groupe__nom", "esms__nom")
    return list(dict.fromkeys(nom for ligne in lignes for nom in ligne if nom))


def _comptes(utilisateur: Utilisateur) -> tuple[Counter[str], int]:
    """ESMS encore dans le projet par grappe visible, et ceux qui en sont sortis."""
    par_grappe: Counter[str] = Counter()
    sortis = 0
    vus = Parcours.objects.visibles_par(utilisateur).order_by().values_list("grappe__nom", "etat")
    for nom, etat, nombre in vus.annotate(n=Count("pk")):
        if etat == EtatParcours.SORTI:
            sortis += nombre
        else:
            par_grappe[nom] += nombre
    return par_grappe, sortis


def _perimetre(utilisateur: Utilisateur) -> dict[str, str]:
    """Titre et détail du périmètre ; les chiffres ne comptent que ce qu'on voit."""
    p = utilisateur.perimetre
    if not p.affectes:
        return {"perimetre_titre": "Aucune affectation", "perimetre_detail": "annuaire seulement"}
    if p.est_national:
        return {"perimetre_titre": "Programme national", "perimetre_detail": "toutes les grappes"}
    noms = _cibles(utilisateur)
    par_grappe, sortis = _comptes(utilisateur)
    nombre, grappes = sum(par_grappe.values()), [g for g in sorted(par_grappe) if g not in noms]
    ou = f"grappe {grappes[0]}" if len(grappes) == 1 else accorde(len(grappes), "grappe")
    combien = accorde(nombre, "ESMS,ESMS") + (f" · {accorde(sortis, 'sorti')}" if sortis else "")
    if len(noms) == 1:
        detail = " · ".join([combien, *([ou] if grappes else [])]) if not (nombre == 1 and grappes) else ou
        return {"perimetre_titre": noms[0], "perimetre_detail": detail}
    if len(noms) == 2:
        return {"perimetre_titre": liste(noms), "perimetre_detail": combien}
    if grappes or not par_grappe:
        return {"perimetre_titre": combien, "perimetre_detail": ou if grappes else ""}
    return {"perimetre_titre": accorde(len(par_grappe), "grappe"), "perimetre_detail": combien}


def _role(p: Perimetre) -> str:
    if not p.affectes:
        return ""
    role = Role(p.roles[0])
    titres = {a.titre for a in p.affectes if a.role == role}
    if Titre.TITULAIRE in titres:
        return role_a_l_ecran(role.label)
    return f"{role_a_l_ecran(role.label)} {Titre(sorted(titres)[0]).label.lower()}"


def enveloppe(request: HttpRequest) -> dict[str, Any]:
    """Contexte commun à toutes les pages. Un fragment htmx n'a pas d'enveloppe : rien n'y est lu."""
    commun: dict[str, Any] = {"demonstration": settings.DEMONSTRATION}
    utilisateur = getattr(request, "user", None)
    if utilisateur is None or not utilisateur.is_authenticated or getattr(request, "htmx", False):
        return commun
    p = utilisateur.perimetre
    commun["liens_du_compte"] = [lien for liens in liens_du_compte for lien in liens(utilisateur)]
    return commun | _perimetre(utilisateur) | {"navigation": _navigation(request, p), "role_libelle": _role(p)}
