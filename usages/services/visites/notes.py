"""Les notes d'une visite : reçues de l'appareil une seule fois chacune, relues, corrigées."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from usages.enums import EtatVisite
from usages.models import NoteDeVisite, TempsDeVisite, Visite
from usages.permissions import peut_ecrire_dans_l_etude
from usages.services.retours.croisements import exiger_meme

CHAMPS = ("texte", "theme", "temps")
VIDE = "Écrivez votre note : elle est vide."
PAS_ENCORE = "La direction n'a pas encore accepté cette visite : les notes s'y prennent ensuite."
PAS_LIEU = "Cette visite est annulée ou refusée : ce qui attendait sur cet appareil part encore, et se garde avec elle."
TEMPS_D_AILLEURS = "Ce temps n'est plus au programme : choisissez-en un autre, ou aucun."
CLE_D_UN_AUTRE = "Cet envoi a déjà été reçu d'un autre compte : rechargez la page, puis écrivez de nouveau la note."
PAS_LA_SIENNE = "Cette note est d'une autre personne de l'équipe : elle seule la corrige."


@dataclass(frozen=True, slots=True)
class Recue:
    """La note, et si cet envoi est celui qui l'a écrite."""

    note: NoteDeVisite
    neuve: bool


def _exiger_notable(visite: Visite, par: Utilisateur) -> None:
    exiger(peut_ecrire_dans_l_etude(par, visite))
    # Une visite annulée après le premier jour garde les notes qu'on y a prises.
    if visite.etat == EtatVisite.PROPOSEE:
        raise Refus("etat", PAS_ENCORE)


def _jour(temps: TempsDeVisite | None) -> date:
    """Le jour du temps, s'il est passé : l'horloge de l'appareil ne dit rien."""
    au = timezone.localdate()
    return temps.jour if temps is not None and temps.jour <= au else au


def recevoir_note(
    *, visite: Visite, cle: UUID, texte: str, par: Utilisateur, theme: str = "", temps: TempsDeVisite | None = None
) -> Recue:
    """Garde une note ; la même clé rend la même note, sans rien récrire. Lève `Refus` (droit, etat, champ)."""
    _exiger_notable(visite, par)
    if deja := NoteDeVisite.objects.filter(visite=visite, cle=cle).first():
        return _deja_recue(deja, par)
    if temps is not None and temps.visite_id != visite.pk:
        raise Refus("champ", TEMPS_D_AILLEURS, champs={"temps": [TEMPS_D_AILLEURS]})
    note = NoteDeVisite(
        visite=visite, cle=cle, texte=texte, theme=theme, temps=temps, prise_par=par, prise_le=_jour(temps)
    )
    if not texte.strip():
        raise Refus("champ", VIDE, champs={"texte": [VIDE]})
    valider(note, exclure=("visite", "temps"))
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError:
        # Un autre onglet vient de l'écrire : c'est la même.
        return _deja_recue(NoteDeVisite.objects.get(visite=visite, cle=cle), par)
    return Recue(note, neuve=True)


def _deja_recue(note: NoteDeVisite, par: Utilisateur) -> Recue:
    """La même, si c'est bien la sienne : dire « reçue » à un autre lui ferait jeter la sienne."""
    if note.prise_par_id != par.pk:
        raise Refus("etat", CLE_D_UN_AUTRE)
    return Recue(note, neuve=False)


@transaction.atomic
def corriger_note(*, note: NoteDeVisite, par: Utilisateur, vu: str | None = None, **valeurs: Any) -> NoteDeVisite:
    """Corrige sa note (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, champ, concurrence)."""
    relue = NoteDeVisite.objects.select_for_update(of=("self",)).get(pk=note.pk)
    exiger(peut_ecrire_dans_l_etude(par, relue))
    if relue.prise_par_id != par.pk:
        raise Refus("droit", PAS_LA_SIENNE)
    exiger_meme(relue, CHAMPS, vu)
    for nom, valeur in valeurs.items():
        setattr(relue, nom, valeur)
    if not relue.texte.strip():
        raise Refus("champ", VIDE, champs={"texte": [VIDE]})
    valider(relue, exclure=("visite",))
    relue.save()
    return relue
