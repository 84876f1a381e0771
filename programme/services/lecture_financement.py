"""Ce que la page de financement montre à un lecteur donné : convention, sommes, jalons, avenants, signaux."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from programme.calculs.financement import Bilan, Segment, barrer, dresser
from programme.enums import EtatJalon, EtatParcours, NatureAvenant
from programme.models import Avenant, Convention, Grappe, Jalon, Parcours
from programme.permissions import pieces_lues_jusqu_a
from programme.services.double_financement import Signal, signaux
from programme.socle.dates import date_courte
from programme.socle.models import Passage, Piece
from programme.socle.nombres import accorde, euros
from programme.socle.pieces import pieces_de

E = EtatJalon
TONS = {E.PRECISION: "attente", E.ABANDONNE: "cote"}
LE_FINANCEUR_VOIT = (
    "Le financeur lit la convention, les jalons, leurs questions et réponses ; une pièce, seulement une fois son jalon "
    "transmis. Il peut demander une précision, rien d’autre."
)
VOUS_LISEZ = (
    "Vous lisez la convention, les jalons et leurs échéances ; une pièce, une fois son jalon transmis. Sur un jalon "
    "transmis, vous pouvez demander une précision."
)


@dataclass(frozen=True, slots=True)
class LigneJalon:
    """Un jalon tel qu'on le lit dans la table."""

    jalon: Jalon
    ton: str
    en_retard: bool


@dataclass(frozen=True, slots=True)
class Financement:
    """Tout ce que la page montre."""

    convention: Convention | None
    bilan: Bilan
    jalons: list[LigneJalon]
    barre: list[Segment]
    prochain: LigneJalon | None
    avenants: list[Avenant]
    signaux: list[Signal]


def est_en_retard(jalon: Jalon, au: date) -> bool:
    """Vrai si l'échéance est passée sans que la pièce soit partie."""
    return bool(jalon.etat == E.A_PRODUIRE and jalon.echeance and jalon.echeance < au)


def en_ligne(jalon: Jalon, au: date) -> LigneJalon:
    """Le jalon, son ton, s'il est en retard."""
    retard = est_en_retard(jalon, au)
    return LigneJalon(jalon, TONS.get(E(jalon.etat), "reserve" if retard else ""), retard)


def lire_financement(grappe: Grappe, lecteur: Any, au: date) -> Financement:
    """La convention de la grappe et ce qui en dépend, en un nombre constant de requêtes."""
    convention = Convention.objects.filter(grappe=grappe).select_related("instruction").first()
    jalons = [en_ligne(j, au) for j in convention.jalons.all()] if convention else []
    nus = [ligne.jalon for ligne in jalons]
    attendus = [ligne for ligne in jalons if ligne.jalon.etat not in (E.VERSE, E.ABANDONNE)]
    avenants = (
        list(convention.avenants.select_related("solution").prefetch_related("parcours__esms")) if convention else []
    )
    if convention:
        # Déjà chargées : les suites d'un avenant relisent la convention et la grappe.
        convention.grappe = grappe
        for avenant in avenants:
            avenant.convention = convention
    return Financement(
        convention,
        dresser(convention.montant if convention else None, nus),
        jalons,
        barrer(nus),
        min(attendus, key=lambda ligne: (ligne.jalon.echeance or date.max, ligne.jalon.rang), default=None),
        avenants,
        signaux(Parcours.objects.visibles_par(lecteur).filter(grappe=grappe), lecteur),
    )


def figures(lu: Financement) -> list[dict[str, str]]:
    """Les trois chiffres de tête : ce qui reste à percevoir, ce qui est versé, ce qui vient."""
    b, prochain = lu.bilan, lu.prochain
    au_moins = "au moins " if b.nb_sans_montant else ""
    sans = accorde(b.nb_sans_montant, "jalon n’a pas encore de montant,jalons n’ont pas encore de montant")
    sur = f"Sur une aide de {euros(b.aide)}" if b.aide is not None else "Le montant de l’aide n’est pas connu"
    if prochain:
        quand = date_courte(prochain.jalon.echeance) if prochain.jalon.echeance else "sans date"
        suivant = {"valeur": quand, "detail": prochain.jalon.libelle + (", en retard" if prochain.en_retard else "")}
    else:
        suivant = {"valeur": "aucun", "detail": "Plus rien n’est attendu"}
    return [
        {
            "titre": "Reste à percevoir",
            "valeur": f"{au_moins}{euros(b.reste)}",
            "detail": sans if b.nb_sans_montant else "Jalons ni versés ni abandonnés",
        },
        {"titre": "Versé", "valeur": euros(b.verse), "detail": sur},
        {"titre": "Prochain jalon"} | suivant,
    ]


def n_y_est_que_financeur(lecteur: Any, grappe: Grappe) -> bool:
    """Vrai pour qui ne lit ce financement qu'au titre du financeur."""
    return not Grappe.objects.filter(pk=grappe.pk).financement_suivi_par(lecteur).exists()


def ce_que_voit_le_financeur(lecteur: Any, grappe: Grappe) -> str:
    """Une ligne : au financeur, ce qu'il lit ; aux autres, ce que le financeur lit."""
    return VOUS_LISEZ if n_y_est_que_financeur(lecteur, grappe) else LE_FINANCEUR_VOIT


# --- un jalon ------------------------------------------------------------------------------------------------------


def pieces_lisibles(lecteur: Any, jalon: Jalon) -> list[Piece]:
    """Les pièces du jalon que ce lecteur peut ouvrir."""
    limite = pieces_lues_jusqu_a(lecteur, jalon)
    if limite is None:
        return []
    return [p for p in pieces_de(jalon).select_related("deposee_par") if p.deposee_le <= limite]


def journal_de_jalon(passages: Iterable[Passage]) -> list[dict[str, Any]]:
    """L'échange avec le financeur, du plus récent au plus ancien ; les motifs lui sont destinés, pas les constats."""
    return [
        {
            "date": p.date_effet,
            "titre": _titre_de_passage(p),
            "texte": f"{p.par} ({p.role})" + (f" : {p.motif}" if p.motif else ""),
            "nature": p.nature,
        }
        for p in reversed(list(passages))
    ]


def _titre_de_passage(passage: Passage) -> str:
    etat = E(passage.vers).label
    if passage.transition == "revenir":
        return f"Retour en arrière : {etat.lower()}"
    return "Réponse transmise" if passage.de == E.PRECISION and passage.vers == E.TRANSMIS else str(etat)


def question_en_attente(jalon: Jalon, passages: list[Passage]) -> Passage | None:
    """La dernière question du financeur, si elle attend une réponse."""
    if jalon.etat != E.PRECISION:
        return None
    return next((p for p in reversed(passages) if p.transition == "demander_precision"), None)


# --- ce qui reste à faire après un avenant -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suite:
    """Un geste que l'avenant appelle : fait ou non, et où le faire."""

    texte: str
    fait: bool
    lien: str = ""
    libelle: str = ""


def suites_de(avenant: Avenant) -> list[Suite]:
    """Ce qui reste à faire après un avenant ; rien ne se fait d'office."""
    return {
        NatureAvenant.ENTREE: _suites_d_entree,
        NatureAvenant.SORTIE: _suites_de_sortie,
        NatureAvenant.CALENDRIER: _suites_de_calendrier,
        NatureAvenant.EDITEUR: _suites_d_editeur,
    }[NatureAvenant(avenant.nature)](avenant)


def _suites_d_entree(avenant: Avenant) -> list[Suite]:
    nommes = [p for p in avenant.parcours.all() if p.etat != EtatParcours.SORTI]
    ajouter = reverse("programme:grappe-ajouter", args=[avenant.convention.grappe_id])
    return [
        Suite("Faire entrer les ESMS dans la grappe", bool(nommes), ajouter, "Ajouter des ESMS"),
        Suite("Nommer ici ceux que l’avenant fait entrer", bool(nommes)),
    ]


def _suites_de_sortie(avenant: Avenant) -> list[Suite]:
    return [
        Suite(
            f"Sortir {p.esms.nom} du projet",
            p.etat == EtatParcours.SORTI,
            reverse("programme:passage", args=["parcours", p.pk, "sortir"]),
            "Sortir du projet",
        )
        for p in avenant.parcours.all()
    ]


def _suites_de_calendrier(avenant: Avenant) -> list[Suite]:
    convention = avenant.convention
    lien = reverse("programme:convention-modifier", args=[convention.grappe_id]) + "#id_fin"
    texte = f"Porter la fin de la convention au {date_courte(avenant.nouvelle_fin)}"
    financement = reverse("programme:grappe-financement", args=[convention.grappe_id]) + "#jalons"
    jalons = Suite("Revoir les échéances des jalons qui restent à produire", False, financement, "Voir les jalons")
    a_jour = convention.fin == avenant.nouvelle_fin
    return [Suite(texte, a_jour, lien, "Modifier la convention"), *([] if a_jour else [jalons])]


def _suites_d_editeur(avenant: Avenant) -> list[Suite]:
    grappe = avenant.convention.grappe
    fait = grappe.solution_id == avenant.solution_id
    changer = Suite(
        f"Changer la solution de la grappe : {avenant.solution}",
        fait,
        reverse("programme:grappe-modifier", args=[grappe.pk]) + "#id_solution",
        "Modifier la grappe",
    )
    restent = [
        p
        for p in avenant.parcours.all()
        if p.etat != EtatParcours.SORTI and p.solution_id not in (None, avenant.solution_id)
    ]
    return [
        changer,
        *(
            Suite(
                f"Sortir {p.esms.nom}, puis le faire entrer avec la nouvelle solution",
                False,
                reverse("programme:passage", args=["parcours", p.pk, "sortir"]),
                "Sortir du projet",
            )
            for p in restent
        ),
    ]
