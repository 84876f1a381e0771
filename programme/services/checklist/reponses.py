"""Répondre à une action de la checklist : vérifier, écrire une réponse, la garder dans l'histoire."""

from collections.abc import Collection
from typing import Any

from django.core.files import File
from django.db import transaction

from programme.calculs.checklist import RANG
from programme.enums import Niveau, StatutAction
from programme.models import Grappe, LigneChecklist, Parcours, ReponseChecklist, Utilisateur
from programme.models.checklist import CIBLES
from programme.permissions import peut_repondre
from programme.services.actions import cibles_dont_repondre
from programme.services.checklist.lecture import lignes_en_vigueur
from programme.services.controles import exiger, signer, valider
from programme.socle import pieces
from programme.socle.erreurs import Refus
from programme.socle.models import Piece
from programme.socle.porte import PREMIERE_DATE
from programme.socle.versions import exiger_inchange

CHAMPS = ("statut", "motif", "commentaire", "responsable", "echeance")
MOTIF_DU_SANS_OBJET = "Dites en une ligne pourquoi c'est sans objet : la réponse n'est pas encore enregistrée."
SE_CONSTATE = "Cette action se constate : donnez la date ou complétez la fiche, elle passera d'elle-même à « fait »."
INCONNUE = "Cette action n'est plus dans la checklist de la grappe : relisez la page."
TROP_HAUT = "Cette action se répond plus près du terrain : ESMS par ESMS, ou par groupe."
PIECE_D_ABORD = "Joignez d'abord le procès-verbal : cette action est la seule à demander une pièce."
PAS_DE_PIECE = "Cette action ne demande pas de pièce."
RESPONSABLE_AILLEURS = "Ce compte ne voit pas cet ESMS : choisissez-en un autre."
TROP_ANCIENNE = f"Cette échéance est trop ancienne : pas avant le {PREMIERE_DATE:%d/%m/%Y}."


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def ligne_a_repondre(grappe: Grappe, code: str, niveau: str) -> LigneChecklist:
    """L'action en vigueur de ce code. Lève `Refus` si le modèle ne l'a plus, ou si l'on répond de trop haut."""
    ligne = next((x for x in lignes_en_vigueur(grappe.pk)[1] if x.code == code), None)
    if ligne is None:
        raise Refus("champ", INCONNUE, champs={"code": [INCONNUE]})
    if RANG[Niveau(niveau)] > RANG[Niveau(ligne.niveau)]:
        raise _refuser("niveau", TROP_HAUT)
    return ligne


@transaction.atomic
def repondre(
    *, grappe: Grappe, code: str, niveau: str, cible: Any, par: Utilisateur, vu: int | None = None, **champs: Any
) -> ReponseChecklist:
    """Écrit ce que `champs` dit (`statut`, `motif`, `commentaire`, `responsable`, `echeance`), le reste demeure.

    `cible` : la grappe, un OG, un groupe ou un parcours, selon `niveau`. `vu` : jeton de la réponse lue. Lève `Refus`
    (droit, champ, concurrence) sans rien écrire.
    """
    _exiger_de_la_grappe(grappe, niveau, cible)
    exiger(peut_repondre(par, grappe, niveau, cible))
    ligne = ligne_a_repondre(grappe, code, niveau)
    reponse = _relire(grappe, code, niveau, cible)
    if reponse.pk:
        exiger_inchange(ReponseChecklist.history.filter(id=reponse.pk), vu, champs.keys())
    avant = reponse.statut
    for nom in CHAMPS:
        if nom in champs:
            setattr(reponse, nom, champs[nom])
    if reponse.statut != StatutAction.SANS_OBJET:
        reponse.motif = ""
    _verifier(ligne, reponse, change="statut" in champs and reponse.statut != avant)
    if "statut" in champs:
        reponse.libelle_repondu = ligne.libelle
    valider(reponse)
    signer(reponse, par)
    reponse.save()
    return reponse


def _exiger_de_la_grappe(grappe: Grappe, niveau: str, cible: Any) -> None:
    """On ne répond que pour ce qui est de cette grappe."""
    dedans = {
        Niveau.GRAPPE: lambda: cible == grappe,
        Niveau.OG: lambda: grappe.parcours.filter(esms__og=cible).exists(),
        Niveau.GROUPE: lambda: grappe.parcours.filter(esms__groupes=cible).exists(),
        Niveau.ESMS: lambda: cible.grappe_id == grappe.pk,
    }
    if not dedans[Niveau(niveau)]():
        raise _refuser("niveau", "Cette réponse ne vise personne de la grappe.")


def _relire(grappe: Grappe, code: str, niveau: str, cible: Any) -> ReponseChecklist:
    """La réponse de cette cible, sous verrou ; neuve si personne n'a encore répondu."""
    # Deux premières réponses simultanées se suivent : la seconde voit celle de la première.
    Grappe.objects.select_for_update(of=("self",)).get(pk=grappe.pk)
    qui = {CIBLES[Niveau(niveau)]: cible} if niveau in CIBLES else {}
    criteres = {"grappe": grappe, "code": code, "niveau": niveau, **qui}
    return ReponseChecklist.objects.filter(**criteres).first() or ReponseChecklist(**criteres)


def _verifier(ligne: LigneChecklist, reponse: ReponseChecklist, *, change: bool) -> None:
    fait = reponse.statut in (StatutAction.FAIT, StatutAction.DEJA_FAIT)
    if reponse.statut == StatutAction.SANS_OBJET and not reponse.motif.strip():
        raise _refuser("motif", MOTIF_DU_SANS_OBJET)
    if change and fait and ligne.mesure and not ligne.piece_attendue:
        raise _refuser("statut", SE_CONSTATE)
    if change and fait and ligne.piece_attendue and not (reponse.pk and pieces.pieces_de(reponse).exists()):
        raise _refuser("statut", PIECE_D_ABORD)
    if reponse.echeance and reponse.echeance < PREMIERE_DATE:
        raise _refuser("echeance", TROP_ANCIENNE)
    if reponse.responsable and not _voit(reponse.responsable, reponse.grappe, reponse.niveau, reponse.cible):
        raise _refuser("responsable", RESPONSABLE_AILLEURS)


def _voit(compte: Utilisateur, grappe: Grappe, niveau: str, cible: Any) -> bool:
    """Vrai si ce compte peut s'en charger : il voit un des ESMS concernés, ou la grappe."""
    if niveau == Niveau.GRAPPE:
        return bool(cibles_dont_repondre(compte, [grappe]))
    chemin = {Niveau.OG: "esms__og", Niveau.GROUPE: "esms__groupes", Niveau.ESMS: "pk"}[Niveau(niveau)]
    concernes = grappe.parcours.filter(**{chemin: cible.pk})
    return bool(cibles_dont_repondre(compte, list(concernes)))


@transaction.atomic
def repondre_pour_plusieurs(
    *, parcours: Collection[Parcours], code: str, par: Utilisateur, **champs: Any
) -> list[ReponseChecklist]:
    """La même réponse pour plusieurs ESMS, une chacun : rien ne s'hérite en silence. Lève `Refus`, et n'écrit rien."""
    if not parcours:
        raise _refuser("parcours", "Cochez au moins un ESMS.")
    return [repondre(grappe=p.grappe, code=code, niveau=Niveau.ESMS, cible=p, par=par, **champs) for p in parcours]


@transaction.atomic
def reprendre_l_ancienne(*, parcours: Parcours, ancienne: ReponseChecklist, par: Utilisateur) -> ReponseChecklist:
    """Fait sienne une réponse donnée plus haut, que le modèle ne fait plus descendre. Lève `Refus`."""
    valeurs: dict[str, Any] = {"statut": ancienne.statut, "motif": ancienne.motif, "commentaire": ancienne.commentaire}
    return repondre(
        grappe=parcours.grappe, code=ancienne.code, niveau=Niveau.ESMS, cible=parcours, par=par, **valeurs
    )  # fmt: skip


@transaction.atomic
def effacer_exception(*, reponse: ReponseChecklist, par: Utilisateur) -> None:
    """Retire une exception locale : la réponse d'au-dessus vaut de nouveau. L'histoire la garde. Lève `Refus`."""
    exiger(peut_repondre(par, reponse.grappe, reponse.niveau, reponse.cible))
    if pieces.pieces_de(reponse).exists():
        raise _refuser("statut", "Une pièce est jointe à cette réponse : retirez-la d'abord.")
    signer(reponse, par)
    reponse.delete()


# --- pièces --------------------------------------------------------------------------------------------------------


@transaction.atomic
def joindre_piece(*, grappe: Grappe, code: str, niveau: str, cible: Any, fichier: File, par: Utilisateur) -> Piece:
    """Joint une pièce à la réponse d'une action qui en attend une. Lève `Refus` (droit, champ `fichier`)."""
    _exiger_de_la_grappe(grappe, niveau, cible)
    exiger(peut_repondre(par, grappe, niveau, cible))
    if not ligne_a_repondre(grappe, code, niveau).piece_attendue:
        raise _refuser("fichier", PAS_DE_PIECE)
    reponse = _relire(grappe, code, niveau, cible)
    if not reponse.pk:
        reponse.statut = StatutAction.EN_COURS
        signer(reponse, par)
        reponse.save()
    return pieces.deposer(reponse, fichier, par=par)


@pieces.lecture_de("programme.reponsechecklist")
def lit_la_piece(utilisateur: Any, reponse: ReponseChecklist, _: Piece) -> bool:
    """Qui lit la réponse lit sa pièce."""
    return ReponseChecklist.objects.lisibles_par(utilisateur).filter(pk=reponse.pk).exists()
