"""Ce qu'on écrit sur les unités et leurs ouvertures ; les changements d'état, un à un ou par lot, par la porte."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.enums import EtatOuverture
from programme.models import Module, Ouverture, Parcours, Unite, Utilisateur
from programme.permissions import peut_saisir
from programme.services.controles import exiger
from programme.services.parcours import HORIZON, PREMIERE_DATE, exiger_date_passee, verifier
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import Lecture, changer_etat, lire_ensemble, motif_exige, refus_prevu

CHAMPS_UNITE = ("nom", "nb_places", "a_nuit")


def _exiger_nom_libre(unite: Unite) -> None:
    autres = Unite.objects.filter(parcours=unite.parcours_id, nom__iexact=unite.nom).exclude(pk=unite.pk)
    if autres.exists():
        message = f"Cet ESMS a déjà une unité « {unite.nom} »."
        raise Refus("champ", message, champs={"nom": [message]})


def _ouvrir_les_modules(unite: Unite, modules: Iterable[Module]) -> list[Ouverture]:
    connus = set(unite.ouvertures.values_list("module_id", flat=True))
    return Ouverture.objects.bulk_create([Ouverture(unite=unite, module=m) for m in modules if m.pk not in connus])


@transaction.atomic
def ajouter_unite(
    *,
    parcours: Parcours,
    nom: str,
    par: Utilisateur,
    nb_places: int | None = None,
    a_nuit: bool = False,
    modules: Iterable[Module] = (),
) -> Unite:
    """Ajoute une unité et une ouverture à préparer par module."""
    exiger(peut_saisir(par, parcours))
    unite = Unite(parcours=parcours, nom=nom.strip(), nb_places=nb_places, a_nuit=a_nuit, ordre=parcours.unites.count())
    verifier(unite, CHAMPS_UNITE)
    _exiger_nom_libre(unite)
    unite.save()
    _ouvrir_les_modules(unite, modules)
    return unite


@transaction.atomic
def modifier_unite(*, unite: Unite, valeurs: dict[str, Any], par: Utilisateur, modules: Iterable[Module] = ()) -> Unite:
    """Renomme, corrige places et nuit ; les modules cités et absents s'ajoutent, aucun ne se retire ici."""
    exiger(peut_saisir(par, unite.parcours))
    for champ in CHAMPS_UNITE:
        if champ in valeurs:
            setattr(unite, champ, valeurs[champ])
    unite.nom = unite.nom.strip()
    verifier(unite, CHAMPS_UNITE)
    _exiger_nom_libre(unite)
    unite.save()
    _ouvrir_les_modules(unite, modules)
    return unite


@transaction.atomic
def modifier_ouverture(
    *,
    ouverture: Ouverture,
    par: Utilisateur,
    date_visee: date | None = None,
    ancien_support: str = "",
    retire_le: date | None = None,
) -> Ouverture:
    """Date visée, ancien support, et son retrait : une fois le module ouvert, jamais à venir."""
    verrouillee = Ouverture.objects.select_for_update(of=("self",)).get(pk=ouverture.pk)
    exiger(peut_saisir(par, verrouillee))
    if date_visee and not PREMIERE_DATE <= date_visee <= timezone.localdate() + HORIZON:
        raise Refus("champ", "date visée", champs={"date_visee": [f"Vérifiez l'année : {date_visee:%d/%m/%Y}."]})
    if retire_le:
        exiger_date_passee("retire_le", retire_le)
        if verrouillee.etat not in (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE):
            message = "L'ancien support se retire une fois le module ouvert dans l'unité."
            raise Refus("champ", message, champs={"retire_le": [message]})
    verrouillee.date_visee, verrouillee.retire_le = date_visee, retire_le
    verrouillee.ancien_support = ancien_support.strip()
    verifier(verrouillee, ("ancien_support",))
    verrouillee.save(update_fields=["date_visee", "retire_le", "ancien_support"])
    ouverture.refresh_from_db()
    return ouverture


# --- par lot -------------------------------------------------------------------------------------------------------

PAR_LOT = ("preparer", "ouvrir", "stabiliser", "exclure")
_CHEMINS = {("ouvrir", str(EtatOuverture.A_PREPARER)): ("preparer", "ouvrir")}


def chemin(ouverture: Ouverture, transition: str) -> tuple[str, ...]:
    """Passages à franchir d'ici : d'ordinaire un seul ; deux pour ouvrir ce qui est à préparer ; vide si impossible."""
    direct = (transition,) if ouverture.etat in Ouverture.departs(transition) else ()
    return _CHEMINS.get((transition, str(ouverture.etat)), direct)


@dataclass(frozen=True, slots=True)
class Examinee:
    """Une ouverture d'un lot : les passages qui l'attendent, ou ce qui la refuse."""

    ouverture: Ouverture
    chemin: tuple[str, ...]
    lecture: Lecture
    refus: Refus | None

    @property
    def sous_reserve(self) -> bool:
        """Passerait, avec une ligne de motif."""
        return self.refus is None and self.lecture.sous_reserve


@dataclass(slots=True)
class Lot:
    """Ce qu'un lot a donné : les ouvertures passées et leurs passages au journal, les refusées et pourquoi."""

    passees: list[tuple[Ouverture, list[Passage]]] = field(default_factory=list)
    refusees: list[tuple[Ouverture, Refus]] = field(default_factory=list)


def _relire(ouvertures: Iterable[Ouverture]) -> Any:
    lignes = Ouverture.objects.filter(pk__in={o.pk for o in ouvertures}).order_by("unite__ordre", "unite", "module")
    return lignes.select_related("module", "unite__parcours__esms__departement", "unite__parcours__grappe")


def examiner_lot(
    *,
    ouvertures: Iterable[Ouverture],
    transition: str,
    par: Utilisateur,
    date_effet: date | None = None,
    versions: Mapping[int, int] | None = None,
) -> list[Examinee]:
    """Ce que la porte répondrait à chaque ouverture, motif mis à part ; nombre de requêtes constant, rien d'écrit."""
    return _examiner(list(_relire(ouvertures)), transition, par, date_effet, versions or {})


def _examiner(
    lignes: list[Ouverture], transition: str, par: Utilisateur, date_effet: date | None, versions: Mapping[int, int]
) -> list[Examinee]:
    if transition not in PAR_LOT:
        raise Refus("champ", "geste", champs={"transition": ["Ce geste ne se fait pas par lot."]})
    effet = date_effet or timezone.localdate()
    exiger_date_passee("date_effet", effet)
    lectures = lire_ensemble(lignes, transition, par=par)
    passages = Passage.objects.de_plusieurs(Ouverture, [o.pk for o in lignes])
    dernieres = dict(passages.values_list("objet_id", "date_effet"))
    rendu = []
    for o in lignes:
        etapes = chemin(o, transition)
        lecture = replace(lectures[o.pk], depart_ok=bool(etapes))
        refus = refus_prevu(o, lecture, date_effet=effet, precedente=dernieres.get(o.pk), version=versions.get(o.pk))
        rendu.append(Examinee(o, etapes, lecture, refus))
    return rendu


def motif_du_lot(examinees: Iterable[Examinee]) -> str:
    """Pourquoi ce lot demande un motif, en une phrase ; vide s'il n'en demande pas."""
    passent = [e for e in examinees if e.refus is None]
    return next((phrase for e in passent if (phrase := motif_exige(e.ouverture, e.lecture))), "")


def _exiger_le_commun(examinees: list[Examinee], motif: str) -> None:
    for e in examinees:
        exiger(e.lecture.droit)
    phrase = motif_du_lot(examinees)
    if phrase and not motif.strip():
        raise Refus("champ", "motif", champs={"motif": [phrase]})
    verifier(Passage(motif=motif), ("motif",))


@transaction.atomic
def franchir_en_lot(
    *,
    ouvertures: Iterable[Ouverture],
    transition: str,
    par: Utilisateur,
    motif: str = "",
    date_effet: date | None = None,
    versions: Mapping[int, int] | None = None,
) -> Lot:
    """Franchit `transition` pour chaque ouverture par la porte, tout vérifié d'abord ; les refusées n'empêchent rien.

    Une ouverture passe entière (ses deux passages) ou pas du tout ; une panne n'écrit rien du lot. Ce qui vaut pour
    toutes (droit, motif absent ou interdit, date à venir) lève `Refus` sans rien écrire. `versions` : celles que
    l'auteur avait sous les yeux, par clé.
    """
    lignes = list(_relire(ouvertures).select_for_update(of=("self",)))
    if not lignes:
        raise Refus("champ", "ouvertures", champs={"ouvertures": ["Cochez au moins une case."]})
    examinees = _examiner(lignes, transition, par, date_effet, versions or {})
    _exiger_le_commun(examinees, motif)
    lot = Lot()
    for e in examinees:
        if e.refus:
            lot.refusees.append((e.ouverture, e.refus))
            continue
        try:
            with transaction.atomic():
                passages = [
                    changer_etat(e.ouverture, etape, par=par, motif=motif, date_effet=date_effet) for etape in e.chemin
                ]
        except Refus as refus:
            lot.refusees.append((e.ouverture, refus))
        else:
            lot.passees.append((e.ouverture, passages))
    return lot
