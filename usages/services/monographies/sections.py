"""Écrire une section à plusieurs : ce qui se réunit tout seul, ce qui demande un choix, et rien qui se perde."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from programme.socle.nombres import liste
from programme.socle.texte import nettoyer
from programme.socle.versions import VERSION_INCONNUE, jeton, signer
from usages.calculs.ecritures_croisees import Cote, Croisement, croiser
from usages.calculs.prose import Bloc, en_texte, lire
from usages.models import SectionMonographie
from usages.permissions import peut_ecrire_une_section

SANS_PROSE = "Cette section se remplit toute seule : il n'y a rien à y écrire."
ECARTEE = "version écartée au moment de réunir deux écritures"
REUNIE = "réunie à ce que {} a écrit au même moment"
RETOUR = "retour à la version du {:%d/%m/%Y}"
CHOIX = "Choisissez pour chacun des {} passages : le vôtre, l'autre, ou les deux."


@dataclass(frozen=True, slots=True)
class Ecriture:
    """Ce qu'est devenu un envoi.

    `croisement` : il reste à choisir entre `mien` et la version `jeton`, et rien n'est écrit.
    """

    section: SectionMonographie
    jeton: int
    avec: str = ""
    croisement: Croisement[Bloc] | None = None
    change: bool = True
    mien: str = ""
    ecartee: str = ""

    @property
    def attend_un_choix(self) -> bool:
        """Vrai si les deux ont changé le même passage."""
        return self.croisement is not None


def jeton_de(section: SectionMonographie) -> int:
    """La version qu'on lit : à glisser dans le formulaire."""
    return jeton(SectionMonographie.history.filter(id=section.pk))


@transaction.atomic
def ecrire_section(
    *, section: SectionMonographie, texte: str, vu: int, par: Utilisateur, raison: str = "", ecartee: str = ""
) -> Ecriture:
    """Écrit le texte parti de la version `vu`, en le réunissant à ce qu'un autre a écrit depuis.

    `ecartee` : un texte que celui-ci remplace sans l'avoir gardé en entier ; il entre dans l'histoire, juste avant.
    Lève `Refus` (droit, etat, champ, concurrence : une version qui n'existe pas).
    """
    relue = _relire(section, par)
    texte = nettoyer(texte)
    base = _texte_de(relue, vu)
    if texte == relue.texte and not ecartee:
        return Ecriture(relue, jeton_de(relue), change=False)
    if base == relue.texte:
        return _poser(relue, texte, par, raison, ecartee=ecartee)
    croisement = croiser(lire(base), lire(texte), lire(relue.texte))
    avec = _auteurs_depuis(relue, vu)
    if croisement.conflits:
        return Ecriture(relue, jeton_de(relue), avec, croisement, change=False, mien=texte, ecartee=ecartee)
    return _poser(relue, en_texte(croisement.reunis()), par, raison or REUNIE.format(avec), avec, ecartee)


def relire_le_conflit(*, section: SectionMonographie, texte: str, vu: int, par: Utilisateur) -> Ecriture:
    """Ce qui reste à choisir entre ce texte et la section d'aujourd'hui, sans rien écrire. Lève `Refus`."""
    exiger(peut_ecrire_une_section(par, section.monographie))
    croisement = croiser(lire(_texte_de(section, vu)), lire(texte), lire(section.texte))
    return Ecriture(
        section,
        jeton_de(section),
        _auteurs_depuis(section, vu),
        croisement if croisement.conflits else None,
        change=False,
        mien=texte,
    )


@transaction.atomic
def reunir(
    *,
    section: SectionMonographie,
    texte: str,
    vu: int,
    sienne: int,
    choix: Sequence[Cote],
    par: Utilisateur,
    ecartee: str = "",
) -> Ecriture:
    """Écrit ce qu'on a choisi, passage par passage, entre son texte (parti de `vu`) et la version `sienne`.

    Ce qu'on n'a pas gardé de son propre texte reste dans l'histoire. Si quelqu'un a encore écrit entre-temps, cela se
    croise de nouveau ; `ecartee` est alors ce qu'un premier choix avait laissé.

    Lève `Refus` (droit, etat, champ, concurrence).
    """
    relue = _relire(section, par)
    texte = nettoyer(texte)
    croisement = croiser(lire(_texte_de(relue, vu)), lire(texte), lire(_texte_de(relue, sienne)))
    if len(choix) != len(croisement.conflits):
        raise Refus("champ", CHOIX.format(len(croisement.conflits)))
    perdu = any(c in (Cote.SIEN, Cote.BASE) for c in choix)
    return ecrire_section(
        section=relue,
        texte=en_texte(croisement.reunis(choix)),
        vu=sienne,
        par=par,
        raison=REUNIE.format(_auteur(relue, sienne)),
        ecartee=nettoyer(ecartee) or (texte if perdu else ""),
    )


@transaction.atomic
def revenir(*, section: SectionMonographie, version: int, vu: int, par: Utilisateur) -> Ecriture:
    """Écrit de nouveau le texte d'une version passée. Lève `Refus` (droit, etat, concurrence)."""
    relue = _relire(section, par)
    if vu != jeton_de(relue):
        raise Refus("concurrence", f"Entre-temps, {_auteurs_depuis(relue, vu)} a écrit : relisez l'histoire d'abord.")
    ancienne = SectionMonographie.history.filter(id=relue.pk, history_id=version).first()
    if ancienne is None:
        raise Refus("concurrence", VERSION_INCONNUE)
    if ancienne.texte == relue.texte:
        return Ecriture(relue, vu, change=False)
    return _ecrire(relue, ancienne.texte, par, RETOUR.format(ancienne.history_date))


def _relire(section: SectionMonographie, par: Utilisateur) -> SectionMonographie:
    sections = SectionMonographie.objects.select_related("monographie__visite__etude")
    relue = sections.select_for_update(of=("self",)).get(pk=section.pk)
    exiger(peut_ecrire_une_section(par, relue.monographie))
    if not relue.a_de_la_prose:
        raise Refus("etat", SANS_PROSE)
    return relue


def _texte_de(section: SectionMonographie, version: int) -> str:
    texte = SectionMonographie.history.filter(id=section.pk, history_id=version).values_list("texte", flat=True).first()
    if texte is None:
        raise Refus("concurrence", VERSION_INCONNUE)
    return str(texte)


def _auteurs_depuis(section: SectionMonographie, vu: int) -> str:
    lignes = SectionMonographie.history.filter(id=section.pk, history_id__gt=vu).select_related("history_user")
    noms = dict.fromkeys(str(ligne.history_user or "une autre personne") for ligne in lignes.order_by("history_id"))
    return liste(noms) or "une autre personne"


def _auteur(section: SectionMonographie, version: int) -> str:
    ligne = SectionMonographie.history.select_related("history_user").get(id=section.pk, history_id=version)
    return str(ligne.history_user or "une autre personne")


def _ecrire(section: SectionMonographie, texte: str, par: Utilisateur, raison: str, avec: str = "") -> Ecriture:
    section.texte = texte
    valider(section)
    signer(section, par)
    section._change_reason = raison[:100] or None  # type: ignore[attr-defined]
    section.save()
    return Ecriture(section, jeton_de(section), avec)


def _poser(
    section: SectionMonographie, texte: str, par: Utilisateur, raison: str, avec: str = "", ecartee: str = ""
) -> Ecriture:
    if ecartee and ecartee != texte:
        _ecrire(section, ecartee, par, ECARTEE)
    return _ecrire(section, texte, par, raison, avec)
