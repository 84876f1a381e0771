"""Rejoue un scénario jour après jour, par les services et par la porte, comme l'auraient fait les comptes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from programme.demonstration import apports, moyens
from programme.demonstration.calendrier import jour_ouvre
from programme.demonstration.scenario import FAITS_AVANT, FAITS_AVANT_OUVERTURE, Fil, Ouvrir, Pas
from programme.demonstration.textes import texte_du_fait
from programme.enums import FRISE_PARCOURS, TempsEcriture
from programme.models import Esms, Grappe, Ouverture, Parcours, Utilisateur, Vague
from programme.services import grappes, ouvertures, parcours
from programme.socle.conditions import pour
from programme.socle.erreurs import Refus
from programme.socle.machine import ModeleAEtats
from programme.socle.porte import changer_etat

CONDUITE = frozenset({"suspendre", "reprendre", "sortir", "reintegrer"})
DELAI_PRETE = 8
Geste = Callable[[], Any]


class RecitImpossible(Exception):
    """Le scénario demande un passage que la porte refuse : c'est le scénario qu'il faut corriger."""


def franchir(
    objet: ModeleAEtats, transition: str, *, par: Utilisateur, le: date, motif: str = "", **details: Any
) -> None:
    """Franchit la porte ; le motif n'est donné que si elle le demande, comme à l'écran."""
    try:
        changer_etat(objet, transition, par=par, date_effet=le, **details)
    except Refus as refus:
        if "motif" not in refus.champs or not motif:
            raison = " ".join([refus.motif, *(m for messages in refus.champs.values() for m in messages)])
            raise RecitImpossible(f"{objet}, « {transition} » le {le:%d/%m/%Y} : {raison}") from refus
        changer_etat(objet, transition, par=par, date_effet=le, motif=motif, **details)


def a_neuf_heures(jour: date) -> datetime:
    """Un instant de ce jour, pour les champs qui en demandent un."""
    return timezone.make_aware(datetime.combine(jour, time(9)))


class Recit:
    """Le récit d'une grappe : on y note des gestes datés, puis on les rejoue dans l'ordre du calendrier."""

    def __init__(self, grappe: Grappe, comptes: Mapping[str, Utilisateur], chef: str, aujourdhui: date) -> None:
        self.grappe = grappe
        self.comptes = comptes
        self.chef = comptes[chef]
        self.aujourdhui = aujourdhui
        self.modules = list(grappe.modules.all())
        self.vagues: dict[int, Vague] = {}
        self.parcours: dict[str, Parcours] = {}
        self._gestes: list[tuple[date, Geste]] = []

    def noter(self, jour: date, geste: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Met un geste de côté pour ce jour-là ; à jour égal, l'ordre des notes est gardé."""
        self._gestes.append((jour, partial(geste, *args, **kwargs)))

    def rejouer(self) -> None:
        """Fait tous les gestes, du plus ancien au plus récent."""
        for _, geste in sorted(self._gestes, key=lambda note: note[0]):
            geste()
        self._gestes.clear()

    # --- la grappe ---------------------------------------------------------------------------------------------

    def avancer_grappe(self, *etapes: tuple[str, date, str]) -> None:
        """Note les passages de la grappe : (transition, date, motif)."""
        for transition, jour, motif in etapes:
            self.noter(jour, franchir, self.grappe, transition, par=self.chef, le=jour, motif=motif)

    def accueillir(self, fils: Iterable[Fil], le: date) -> None:
        """Fait entrer les ESMS ce jour-là, avec leurs unités, puis note l'histoire de chacun."""
        fils = list(fils)
        connus = {e.finess: e for e in Esms.objects.filter(finess__in=[f.finess for f in fils])}
        for type_projet in dict.fromkeys(f.type_projet for f in fils):
            entrants = [connus[f.finess] for f in fils if f.type_projet == type_projet]
            for ligne in grappes.ajouter_esms(
                grappe=self.grappe, esms=entrants, par=self.chef, type_projet=type_projet
            ):
                self.parcours[ligne.esms.finess] = ligne
        # L'instant de création s'écrit seul, à aujourd'hui ; dans le récit, la grappe et ses ESMS sont plus anciens.
        Parcours.objects.filter(grappe=self.grappe).update(cree_le=a_neuf_heures(le))
        Grappe.objects.filter(pk=self.grappe.pk).update(creee_le=a_neuf_heures(le))
        for rang, fil in enumerate(fils):
            self._decouper(fil)
            self._raconter(fil, rang)

    def _decouper(self, fil: Fil) -> None:
        """Remplace l'unité par défaut par celles du fil."""
        if not fil.unites:
            return
        ligne = self.parcours[fil.finess]
        premiere, *suivantes = fil.unites
        valeurs = {"nom": premiere.nom, "nb_places": premiere.places, "a_nuit": premiere.nuit}
        ouvertures.modifier_unite(unite=ligne.unites.get(), valeurs=valeurs, par=self.chef)
        for lieu in suivantes:
            ouvertures.ajouter_unite(
                parcours=ligne,
                nom=lieu.nom,
                nb_places=lieu.places,
                a_nuit=lieu.nuit,
                modules=self.modules,
                par=self.chef,
            )

    # --- un ESMS -----------------------------------------------------------------------------------------------

    def _raconter(self, fil: Fil, rang: int) -> None:
        ligne = self.parcours[fil.finess]
        qui = self.comptes[fil.direction] if fil.direction else self.chef
        for jour, valeurs in (*self._fiche(fil), *fil.fiche):
            self.noter(jour, parcours.modifier_fiche, parcours=ligne, valeurs=dict(valeurs), par=self.chef)
        for nature, jour in self._faits(fil).items():
            reference, note = texte_du_fait(nature, jour, rang)
            self.noter(
                jour,
                parcours.dater_fait,
                parcours=[ligne],
                nature=nature,
                date=jour,
                par=qui,
                reference=reference,
                note=note,
            )
        if prepare := fil.premier("preparer"):
            gestes = {"parcours": ligne, "par": qui, "chef": self.chef, "admin": self.comptes["admin"], "rang": rang}
            self.noter(jour_ouvre(prepare - timedelta(days=10)), moyens.reunir, **gestes)
        self._reunir_ailleurs(ligne, fil, qui)
        for pas in fil.passages:
            self.noter(pas.le, self._passer, ligne, pas, qui)
        for plan in fil.ouvertures:
            self._ouvrir(ligne, plan, qui)
        for exclusion in fil.exclus:
            for ouverture in self._lignes(ligne, exclusion.module):
                jour = exclusion.le
                self.noter(jour, franchir, ouverture, "exclure", par=qui, le=jour, motif=exclusion.motif)

    def _reunir_ailleurs(self, ligne: Parcours, fil: Fil, qui: Utilisateur) -> None:
        """Ce que les autres apps demandent avant un passage, huit jours plus tôt, sans savoir ce que c'est."""
        for pas in fil.passages:
            jour = jour_ouvre(pas.le - timedelta(days=8))
            for condition in pour(Parcours._meta.label_lower, pas.transition):
                if condition.raconter:
                    self.noter(jour, condition.raconter, ligne, par=qui, chef=self.chef, le=jour)

    def _passer(self, ligne: Parcours, pas: Pas, qui: Utilisateur) -> None:
        par = self.comptes[pas.par] if pas.par else self.chef if pas.transition in CONDUITE else qui
        if pas.transition == "constater":
            parcours.constater(parcours=ligne, par=par, motif=pas.motif, **pas.details)
            return
        franchir(ligne, pas.transition, par=par, le=pas.le, motif=pas.motif, **pas.details)

    def _fiche(self, fil: Fil) -> Iterable[tuple[date, dict[str, Any]]]:
        """Ce que la fiche apprend au fil des passages : départ, pilote, vague, premier gain, temps d'écriture."""
        engage, prepare = fil.premier("engager"), fil.premier("preparer")
        ouvre = fil.premier("piloter") or fil.premier("ouvrir") or fil.premier("verifier_service")
        if engage:
            yield engage, {"point_depart": fil.depart}
        if engage and fil.gain:
            yield (prepare or engage) - timedelta(days=6 if prepare else 0), {"premier_gain": fil.gain}
        if fil.vague and (prepare or engage):
            yield (
                prepare - timedelta(days=20) if prepare else engage or self.aujourdhui,
                {"vague": self.vagues[fil.vague]},
            )
        if fil.pilote:
            yield prepare or self.aujourdhui, {"est_pilote": True}
        if fil.temps != TempsEcriture.NON_DECIDE:
            yield (
                (ouvre or prepare or self.aujourdhui) - timedelta(days=16),
                {"temps_ecriture": fil.temps, "temps_ecriture_note": fil.temps_note},
            )

    def _faits(self, fil: Fil) -> dict[str, date]:
        """Faits datés avant chaque passage et avant la première ouverture, sauf ceux que l'ESMS n'a pas faits."""
        faits: dict[str, date] = {}
        for pas in fil.passages:
            for nature, avance in FAITS_AVANT.get(pas.transition, ()):
                faits.setdefault(nature, jour_ouvre(pas.le - timedelta(days=avance)))
        premiere = min((o.le for o in fil.ouvertures), default=None)
        if premiere and premiere <= self.aujourdhui:
            for nature, avance in FAITS_AVANT_OUVERTURE:
                faits.setdefault(nature, jour_ouvre(premiere - timedelta(days=avance)))
        return {n: j for n, j in faits.items() if n not in fil.sans} | dict(fil.faits)

    # --- les ouvertures ----------------------------------------------------------------------------------------

    def _lignes(self, ligne: Parcours, module: str, unites: tuple[str, ...] = ()) -> list[Ouverture]:
        lignes = Ouverture.objects.filter(unite__parcours=ligne, module__code=module).order_by("unite__ordre", "pk")
        return list(lignes.filter(unite__nom__in=unites) if unites else lignes)

    def _ouvrir(self, ligne: Parcours, plan: Ouvrir, qui: Utilisateur) -> None:
        for rang, ouverture in enumerate(self._lignes(ligne, plan.module, plan.unites)):
            jour = jour_ouvre(plan.le + timedelta(days=plan.ecart * rang))
            prete = jour_ouvre(jour - timedelta(days=DELAI_PRETE))
            venue = jour <= self.aujourdhui
            self.noter(
                min(prete, self.aujourdhui),
                ouvertures.modifier_ouverture,
                ouverture=ouverture,
                par=qui,
                date_visee=jour,
                ancien_support=plan.support,
            )
            if prete <= self.aujourdhui:
                self.noter(prete, franchir, ouverture, "preparer", par=qui, le=prete, motif=plan.motif)
            if venue:
                for p in apports.avant(ouverture._meta.label_lower, "ouvrir"):
                    self.noter(min(prete, jour), p.preparer, ouverture, par=qui, chef=self.chef, le=prete)
                self.noter(jour, franchir, ouverture, "ouvrir", par=qui, le=jour, motif=plan.motif)
                self._apres(ouverture, plan, jour, qui)

    def _apres(self, ouverture: Ouverture, plan: Ouvrir, jour: date, qui: Utilisateur) -> None:
        stable, retire = (jour_ouvre(jour + timedelta(days=n)) for n in (plan.tient_apres, plan.retrait))
        if plan.retrait and retire <= self.aujourdhui:
            self.noter(
                retire,
                ouvertures.modifier_ouverture,
                ouverture=ouverture,
                par=qui,
                date_visee=jour,
                ancien_support=plan.support,
                retire_le=retire,
            )
        if plan.tient_apres and stable <= self.aujourdhui:
            self.noter(stable, franchir, ouverture, "stabiliser", par=qui, le=stable, motif=plan.motif)

    # --- le calendrier -----------------------------------------------------------------------------------------

    def figer_le_calendrier(self, fils: Iterable[Fil], le: date) -> None:
        """Ce jour-là, chacun donne ses dates et le chef de projet en fait la référence."""
        for fil in fils:
            self.noter(le, self._prevoir, fil, le)
        self.noter(le, parcours.figer_reference, par=self.chef, grappe=self.grappe)

    def reviser_le_calendrier(self, fils: Iterable[Fil], le: date) -> None:
        """Les glissements connus ce jour-là."""
        for fil in fils:
            if fil.revise:
                self.noter(
                    le,
                    parcours.reviser_dates,
                    parcours=self.parcours[fil.finess],
                    dates=dict(fil.revise),
                    par=self.chef,
                )

    def _prevoir(self, fil: Fil, le: date) -> None:
        ligne = self.parcours[fil.finess]
        atteintes = set(ligne.etapes.filter(reelle__isnull=False).values_list("etat", flat=True))
        dates: dict[str, date | None] = {e: j for e, j in self._attendues(fil, le).items() if e not in atteintes}
        if dates:
            parcours.reviser_dates(parcours=ligne, dates=dates, par=self.chef)

    def _attendues(self, fil: Fil, le: date) -> dict[str, date | None]:
        """Référence : la date réelle moins le glissement, ou la date prévue par le fil."""
        dates: dict[str, date] = {}
        for pas in fil.passages:
            cible = Parcours.transitions()[pas.transition].target
            if cible in FRISE_PARCOURS:
                dates.setdefault(str(cible), max(le, pas.le - timedelta(days=fil.glissement)))
        return dict(sorted((dates | dict(fil.prevu)).items(), key=lambda d: FRISE_PARCOURS.index(d[0])))
