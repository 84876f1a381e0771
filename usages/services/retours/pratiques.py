"""Les pratiques partagées : écrire une fiche, la corriger, la reprendre. Leur état passe par la porte."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from programme.enums import Role
from programme.models import Grappe, Module, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from usages.models import Pratique, RepriseDePratique
from usages.models.communs import grappes_de_pres
from usages.permissions import peut_tenir_les_pratiques
from usages.services.retours.croisements import exiger_meme

CHAMPS = ("titre", "contexte", "fait", "effet", "theme", "module", "signature", "contact")
TEXTES = {
    "contexte": "Dites le contexte : sans lui, on ne sait pas si la pratique convient.",
    "fait": "Dites ce que vous avez fait : c'est ce que les autres reprendront.",
    "effet": "Dites ce que ça a donné, même si c'est peu.",
}
PAS_PARTAGEE = "Cette pratique n'est pas partagée : elle ne se reprend pas."
LA_SIENNE = "Cette pratique est celle de votre grappe : ce sont les autres qui la reprennent."


def grappes_tenues(utilisateur: Utilisateur) -> list[Grappe]:
    """Les grappes au nom de qui il écrit et reprend des pratiques. Une requête au plus."""
    perimetre = utilisateur.perimetre
    cles = perimetre.seul(Role.CHEF_PROJET).grappes | perimetre.seul(Role.APPUI).grappes
    return list(Grappe.objects.filter(pk__in=cles).select_related("region").order_by("tri", "pk")) if cles else []


def _verifier(pratique: Pratique) -> None:
    vides = {nom: [phrase] for nom, phrase in TEXTES.items() if not getattr(pratique, nom).strip()}
    if vides:
        raise Refus("champ", " ".join(p for phrases in vides.values() for p in phrases), champs=vides)
    valider(pratique)


@transaction.atomic
def ecrire_pratique(
    *,
    grappe: Grappe,
    par: Utilisateur,
    titre: str,
    contexte: str,
    fait: str,
    effet: str,
    theme: str,
    signature: str,
    module: Module | None = None,
    contact: str = "",
) -> Pratique:
    """Écrit une fiche, en brouillon : rien ne sort de la grappe avant qu'on la partage. Lève `Refus` (droit, champ)."""
    exiger(peut_tenir_les_pratiques(par, grappe))
    pratique = Pratique(
        grappe=grappe,
        titre=titre,
        contexte=contexte,
        fait=fait,
        effet=effet,
        theme=theme,
        module=module,
        signature=signature,
        contact=contact,
        ecrite_par=par,
    )
    _verifier(pratique)
    pratique.save()
    return pratique


@transaction.atomic
def corriger_pratique(*, pratique: Pratique, par: Utilisateur, vu: str | None = None, **valeurs: Any) -> Pratique:
    """Corrige une fiche (`valeurs` : de `CHAMPS`), partagée ou non. Lève `Refus` (droit, champ, concurrence)."""
    exiger(peut_tenir_les_pratiques(par, pratique))
    relue = Pratique.objects.select_for_update(of=("self",)).get(pk=pratique.pk)
    exiger_meme(relue, CHAMPS, vu)
    for nom, valeur in valeurs.items():
        setattr(relue, nom, valeur)
    _verifier(relue)
    relue.save()
    return relue


@transaction.atomic
def reprendre(*, pratique: Pratique, grappe: Grappe, par: Utilisateur, note: str = "") -> RepriseDePratique:
    """Dit que cette grappe la reprend ; la redire en change la note. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_tenir_les_pratiques(par, grappe))
    relue = Pratique.objects.select_for_update(of=("self",)).get(pk=pratique.pk)
    if grappe.pk == relue.grappe_id:
        raise Refus("etat", LA_SIENNE)
    reprise = RepriseDePratique.objects.filter(pratique=relue, grappe=grappe).first()
    if reprise is None and not relue.est_partagee:
        raise Refus("etat", PAS_PARTAGEE)
    reprise = reprise or RepriseDePratique(pratique=relue, grappe=grappe, reprise_par=par)
    reprise.note = note
    valider(reprise)
    reprise.save()
    return reprise


# --- lire ----------------------------------------------------------------------------------------------------------


def nommer_les_grappes(pratiques: Iterable[Pratique], utilisateur: Utilisateur) -> None:
    """Pose `grappe_dite` : le nom de la grappe pour qui la voit, vide pour les autres. Une requête."""
    lues = list(pratiques)
    cles = {p.grappe_id for p in lues}
    vues = set(Grappe.objects.visibles_par(utilisateur).filter(pk__in=cles).order_by().values_list("pk", flat=True))
    for p in lues:
        p.grappe_dite = p.grappe.nom if p.grappe_id in vues else ""


@dataclass(frozen=True, slots=True)
class Reprises:
    """Combien de grappes l'ont reprise, celles que voit le lecteur, et celles à lui qui peuvent encore la reprendre."""

    nombre: int
    vues: list[RepriseDePratique]
    possibles: list[Grappe]


def reprises_de(pratique: Pratique, utilisateur: Utilisateur) -> Reprises:
    """Trois requêtes au plus. Les autres grappes ne se nomment pas : seulement leur nombre."""
    toutes = list(pratique.reprises.select_related("grappe").order_by("reprise_le", "pk"))
    deja = {r.grappe_id for r in toutes}
    visibles = Grappe.objects.visibles_par(utilisateur).filter(pk__in=deja).order_by()
    vues = set(visibles.values_list("pk", flat=True)) if deja else set()
    possibles = [g for g in grappes_tenues(utilisateur) if g.pk not in deja | {pratique.grappe_id}]
    return Reprises(len(toutes), [r for r in toutes if r.grappe_id in vues], possibles if pratique.est_partagee else [])


def est_de_la_maison(pratique: Pratique, utilisateur: Utilisateur) -> bool:
    """Vrai si le lecteur est de la grappe qui l'a écrite : lui seul lit qui l'a écrite, et son histoire."""
    return Grappe.objects.filter(pk__in=grappes_de_pres(utilisateur)).filter(pk=pratique.grappe_id).exists()
