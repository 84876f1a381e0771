"""La seule porte pour changer d'état : verrou, droit, conditions, transition, journal, avis après validation."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from programme.socle.conditions import Constat, evaluer, pour
from programme.socle.decompte import compter
from programme.socle.droits import Droit, droit_de
from programme.socle.enums import Nature
from programme.socle.erreurs import Manque, Refus
from programme.socle.machine import ModeleAEtats, champ_de, porte_ouverte
from programme.socle.models import Passage
from programme.socle.texte import en_phrase

etat_change = Signal()
"""Émis après validation : `sender` (modèle), `passage`, `objet`."""


@dataclass
class Lecture:
    """Ce que la porte répondrait, sans rien changer : la page et le refus lisent la même chose."""

    transition: str
    droit: Droit
    depart_ok: bool
    obstacles: list[Manque]
    constats: list[Constat] = field(default_factory=list)
    par: Any = None

    @property
    def manques(self) -> list[Constat]:
        """Constats qui restent à réunir."""
        return [c for c in self.constats if c.manque]

    @property
    def barre(self) -> bool:
        """Vrai si quelque chose empêche le passage, droit mis à part."""
        return not self.depart_ok or bool(self.obstacles) or any(c.barre for c in self.constats)

    @property
    def sous_reserve(self) -> bool:
        """Vrai si le passage est possible avec une ligne de motif."""
        return not self.barre and any(c.avertit for c in self.constats)

    @property
    def decompte(self) -> Any:
        """Combien barrent, avertissent, sont réunies."""
        return compter(self.constats)


def _manque_de_depart(objet: ModeleAEtats, transition: str) -> Manque:
    etats = dict(champ_de(type(objet)).choices)
    attendus = " ou ".join(f"« {etats.get(e, e)} »" for e in sorted(objet.departs(transition)))
    return Manque(
        "etat_de_depart", "État de départ", f"à l'état « {objet.get_etat_display()} », attendu {attendus}", 0, 1
    )


def _constats(objet: ModeleAEtats, transition: str) -> list[Constat]:
    if not pour(objet._meta.label_lower, transition):
        return []
    return evaluer(type(objet)._default_manager.filter(pk=objet.pk), transition).get(objet.pk, [])


def lire(objet: ModeleAEtats, transition: str, *, par: Any, details: dict[str, Any] | None = None) -> Lecture:
    """Ce que répondrait la porte maintenant : droit, état de départ, obstacles, constats."""
    return Lecture(
        transition,
        droit_de(par, objet, transition),
        objet.etat in objet.departs(transition),
        objet.obstacles(transition, {**(details or {}), "par": par}),
        _constats(objet, transition),
        par,
    )


def lire_ensemble(objets: Collection[ModeleAEtats], transition: str, *, par: Any) -> dict[int, Lecture]:
    """`lire` pour plusieurs objets d'un même modèle, par clé : leurs conditions se mesurent toutes ensemble."""
    constats: dict[int, list[Constat]] = {}
    obstacles: dict[int, list[Manque]] = {}
    if objets:
        modele = type(next(iter(objets)))
        constats = evaluer(modele._default_manager.filter(pk__in=[o.pk for o in objets]), transition)
        obstacles = modele.obstacles_du_lot(transition, [(o, {"par": par}) for o in objets])
    return {
        o.pk: Lecture(
            transition,
            droit_de(par, o, transition),
            o.etat in o.departs(transition),
            obstacles[o.pk],
            constats.get(o.pk, []),
        )
        for o in objets
    }


def _libelles(objet: ModeleAEtats, passage: Passage) -> str:
    etats = dict(champ_de(type(objet)).choices)
    return f"« {etats.get(passage.de, passage.de)} » → « {etats.get(passage.vers, passage.vers)} »"


def _exiger_version(objet: ModeleAEtats, version: int | None) -> None:
    if version is None or version == objet.version:
        return
    dernier = Passage.objects.de(objet).select_related("par").last()
    qui = f" par {dernier.par} ({dernier.role}) : {_libelles(objet, dernier)}" if dernier else ""
    raise Refus("concurrence", f"Entre-temps, l'état a été changé{qui}. Relisez la page, puis décidez à nouveau.")


PREMIERE_DATE = date(2000, 1, 1)
"""Rien de ce que conduit Treille n'est plus ancien : une date d'avant est une faute de frappe."""


def _exiger_date(date_effet: date, precedente: date | None) -> None:
    if date_effet < PREMIERE_DATE:
        texte = f"La date d'effet est trop ancienne : pas avant le {PREMIERE_DATE:%d/%m/%Y}."
        raise Refus("champ", "date d'effet", champs={"date_effet": [texte]})
    if date_effet > timezone.localdate():
        raise Refus("champ", "date d'effet", champs={"date_effet": ["La date d'effet ne peut pas être à venir."]})
    if precedente and date_effet < precedente:
        texte = f"La date d'effet ne peut pas précéder celle du passage d'avant ({precedente:%d/%m/%Y})."
        raise Refus("champ", "date d'effet", champs={"date_effet": [texte]})


def motif_exige(objet: ModeleAEtats, lecture: Lecture) -> str:
    """Pourquoi ce passage demande un motif, en une phrase ; vide s'il n'en demande pas."""
    regles = type(objet).transitions()[lecture.transition].custom
    if regles.get("motif_requis") or objet.etat in regles.get("motif_requis_depuis", ()):
        return "Écrivez le motif en une ligne : il restera au journal."
    if lecture.sous_reserve and lecture.transition != "constater":
        noms = ", ".join(en_phrase(c.condition.libelle) for c in lecture.manques)
        return f"Passage sous réserve ({noms}) : écrivez le motif en une ligne, il sera vu au COMOP."
    return ""


def _exiger_motif(
    objet: ModeleAEtats, lecture: Lecture, motif: str, effet: date, details: dict[str, Any] | None = None
) -> None:
    if motif.strip():
        return
    message = motif_exige(objet, lecture) or objet.motif_propre(lecture.transition, effet, details or {})
    if message:
        raise Refus("champ", "motif", champs={"motif": [message]})


def _exiger_texte(motif: str) -> None:
    """La garde du champ, dite comme un refus : l'écran et l'API montrent la faute là où elle est."""
    try:
        Passage._meta.get_field("motif").run_validators(motif)
    except ValidationError as faute:
        raise Refus("champ", "motif", champs={"motif": faute.messages}) from faute


def _exiger_conditions(objet: ModeleAEtats, lecture: Lecture) -> None:
    manques = sorted(lecture.manques, key=lambda c: c.avertit)
    restes = [*lecture.obstacles, *(c.en_manque(objet) for c in manques)]
    if not lecture.depart_ok:
        depart = _manque_de_depart(objet, lecture.transition)
        raise Refus("etat", f"Ce passage ne part pas de l'état « {objet.get_etat_display()} ».", [depart, *restes])
    if lecture.barre:
        barrent = [m for m in restes if m.severite in ("barre", "legale")]
        noms = ", ".join(en_phrase(m.libelle) for m in barrent)
        raise Refus("conditions", f"En attente de : {noms}.", restes)


def refus_prevu(
    objet: ModeleAEtats,
    lecture: Lecture,
    *,
    date_effet: date,
    precedente: date | None = None,
    version: int | None = None,
) -> Refus | None:
    """Ce que la porte refuserait à cet objet, motif mis à part ; None si rien. `precedente` : son dernier passage."""
    try:
        if not lecture.droit:
            raise Refus("droit", lecture.droit.motif)
        _exiger_version(objet, version)
        _exiger_conditions(objet, lecture)
        _exiger_date(date_effet, precedente)
    except Refus as refus:
        return refus
    return None


def _nature(lecture: Lecture) -> Nature:
    if lecture.transition == "constater":
        return Nature.CONSTAT
    return Nature.SOUS_RESERVE if lecture.sous_reserve else Nature.DECIDE


def _sceller(objet: ModeleAEtats, lecture: Lecture, precedent: Passage | None, valeurs: dict[str, Any]) -> Passage:
    """La ligne du journal, chaînée à la précédente, pas encore écrite."""
    passage = Passage(
        objet=objet,
        rang=(precedent.rang + 1) if precedent else 1,
        transition=lecture.transition,
        vers=objet.etat,
        enregistre_le=timezone.now(),
        role=lecture.droit.role,
        precedente=precedent.empreinte if precedent else "",
        constats=[c.en_journal() for c in lecture.constats],
        nature=_nature(lecture),
        **valeurs,
    )
    passage.empreinte = passage.calculer_empreinte()
    return passage


def franchir(
    objet: ModeleAEtats, lecture: Lecture, precedent: Passage | None, details: dict[str, Any], **valeurs: Any
) -> Passage:
    """Change l'objet en mémoire et rend la ligne du journal à écrire (`par`, `motif`, `date_effet` dans `valeurs`).

    Le cœur commun de `changer_etat` et de `porte_lot` : tout a déjà été vérifié, l'appelant écrit l'un et l'autre.
    """
    depart = objet.etat
    getattr(objet, lecture.transition)(**details)
    objet.version += 1
    return _sceller(objet, lecture, precedent, {"de": depart, **valeurs})


def exiger_lecture(
    objet: ModeleAEtats,
    lecture: Lecture,
    *,
    motif: str,
    date_effet: date,
    precedente: date | None,
    details: dict[str, Any] | None = None,
) -> None:
    """Lève `Refus` si quelque chose s'oppose au passage : conditions, motif, texte, date ; le droit est déjà vu."""
    _exiger_conditions(objet, lecture)
    _exiger_motif(objet, lecture, motif, date_effet, details)
    _exiger_texte(motif)
    _exiger_date(date_effet, precedente)
    if faute := objet.faute_de_date(date_effet):
        raise Refus("champ", "date d'effet", champs={"date_effet": [faute]})


@transaction.atomic
def changer_etat(
    objet: ModeleAEtats,
    transition: str,
    *,
    par: Any,
    motif: str = "",
    date_effet: date | None = None,
    version: int | None = None,
    **details: Any,
) -> Passage:
    """Franchit `transition` sur `objet` et rend le passage écrit au journal.

    `date_effet` : aujourd'hui par défaut, jamais à venir, jamais avant le passage précédent. `version` : celle que
    l'auteur avait sous les yeux. `details` : arguments propres à la transition. Lève `Refus` (droit, champ, etat,
    conditions, concurrence) sans rien écrire. `objet` est relu sous verrou, puis mis à jour chez l'appelant.
    """
    modele = type(objet)
    if transition not in modele.transitions():
        raise Refus("champ", "transition", champs={"transition": [f"« {transition} » n'est pas un passage connu."]})
    verrouille = modele._default_manager.select_for_update(of=("self",)).get(pk=objet.pk)
    droit = droit_de(par, verrouille, transition)
    if not droit:
        raise Refus("droit", droit.motif)
    _exiger_version(verrouille, version)
    lecture = lire(verrouille, transition, par=par, details=details)
    precedent = Passage.objects.de(verrouille).last()
    effet = date_effet or timezone.localdate()
    exiger_lecture(
        verrouille,
        lecture,
        motif=motif,
        date_effet=effet,
        precedente=precedent.date_effet if precedent else None,
        details=details,
    )
    with porte_ouverte(verrouille):
        passage = franchir(verrouille, lecture, precedent, details, par=par, motif=motif, date_effet=effet)
        verrouille.save()
        passage.save(force_insert=True)
    verrouille.apres_passage(passage)
    objet.refresh_from_db()
    transaction.on_commit(lambda: etat_change.send_robust(sender=modele, passage=passage, objet=objet), robust=True)
    return passage
