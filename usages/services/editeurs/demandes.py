"""Les demandes aux éditeurs : les envoyer, les corriger, y joindre des pièces. Leur état passe par la porte."""

from datetime import date
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from programme.models import DemandeParametrage, Editeur, Grappe, Module, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle import pieces
from programme.socle.erreurs import Refus
from programme.socle.models import Passage, Piece
from programme.socle.texte import normaliser
from programme.socle.versions import exiger_inchange
from usages.models import DemandeEditeur, Irritant
from usages.permissions import peut_suivre_les_editeurs

CHAMPS = ("editeur", "nature", "objet", "module", "irritant", "reference", "envoyee_le", "precision")
CLOSE = "Cette demande est close : relancez-la d'abord."
A_VENIR = "Une demande ne part pas dans l'avenir : donnez le jour où vous l'avez envoyée."
APRES_SA_SUITE = "L'éditeur y a répondu le {:%d/%m/%Y} : elle ne peut pas être partie après."
DEJA_PARTIE = "Cette demande est déjà partie et attend sa réponse : suivez-la plutôt que de la redoubler."
AUTRE_EDITEUR = "Cet irritant est celui d'un autre éditeur, ou d'une autre grappe : choisissez-en un autre, ou aucun."
AILLEURS = "Cette demande de paramétrage n'est pas de cette grappe."


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def _verifier(demande: DemandeEditeur) -> None:
    if demande.envoyee_le and demande.envoyee_le > timezone.localdate():
        raise _refuser("envoyee_le", A_VENIR)
    irritant = demande.irritant
    if irritant and (irritant.grappe_id, irritant.editeur_id) != (demande.grappe_id, demande.editeur_id):
        raise _refuser("irritant", AUTRE_EDITEUR)
    if demande.parametrage and demande.parametrage.parcours.grappe_id != demande.grappe_id:
        raise Refus("etat", AILLEURS)
    valider(demande)


@transaction.atomic
def envoyer(
    *,
    grappe: Grappe,
    editeur: Editeur,
    nature: str,
    objet: str,
    par: Utilisateur,
    precision: str = "",
    module: Module | None = None,
    irritant: Irritant | None = None,
    parametrage: DemandeParametrage | None = None,
    reference: str = "",
    envoyee_le: date | None = None,
) -> DemandeEditeur:
    """Consigne une demande partie chez l'éditeur. Lève `Refus` (droit, etat, champ : texte fautif, déjà partie)."""
    exiger(peut_suivre_les_editeurs(par, grappe))
    demande = DemandeEditeur(
        grappe=grappe,
        editeur=editeur,
        nature=nature,
        objet=objet,
        precision=precision,
        module=module,
        irritant=irritant,
        parametrage=parametrage,
        reference=reference,
        envoyee_le=envoyee_le or timezone.localdate(),
        creee_par=par,
    )
    _verifier(demande)
    # Sous le verrou de la grappe : un double clic, deux personnes le même jour, et la demande compterait deux fois.
    Grappe.objects.select_for_update(of=("self",)).get(pk=grappe.pk)
    jumelles = DemandeEditeur.objects.en_attente().filter(grappe=grappe, editeur=editeur, tri=normaliser(objet)[:160])
    if jumelles.exists():
        raise _refuser("objet", DEJA_PARTIE)
    signer(demande, par)
    demande.save()
    return demande


def _relire(demande: DemandeEditeur) -> DemandeEditeur:
    return DemandeEditeur.objects.select_for_update(of=("self",)).select_related("grappe").get(pk=demande.pk)


@transaction.atomic
def corriger(*, demande: DemandeEditeur, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> DemandeEditeur:
    """Corrige une demande ouverte (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, etat, champ, concurrence)."""
    exiger(peut_suivre_les_editeurs(par, demande))
    relue = _relire(demande)
    if not relue.est_ouverte:
        raise Refus("etat", CLOSE)
    exiger_inchange(DemandeEditeur.history.filter(id=demande.pk), vu, valeurs.keys())
    premier = Passage.objects.de(relue).first()
    if premier and valeurs.get("envoyee_le") and valeurs["envoyee_le"] > premier.date_effet:
        raise _refuser("envoyee_le", APRES_SA_SUITE.format(premier.date_effet))
    for nom, valeur in valeurs.items():
        setattr(relue, nom, valeur)
    _verifier(relue)
    signer(relue, par)
    relue.save()
    return relue


@transaction.atomic
def joindre(*, demande: DemandeEditeur, fichier: File, par: Utilisateur) -> Piece:
    """Joint une pièce : une copie d'écran, la réponse reçue. Lève `Refus` (droit, champ)."""
    exiger(peut_suivre_les_editeurs(par, demande))
    return pieces.deposer(_relire(demande), fichier, par=par)


@transaction.atomic
def retirer_piece(*, demande: DemandeEditeur, piece: Piece, par: Utilisateur) -> None:
    """Retire une pièce. Lève `Refus` (droit)."""
    exiger(peut_suivre_les_editeurs(par, demande))
    _relire(demande)
    pieces.retirer(piece)
