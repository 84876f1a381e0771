"""L'analyse locale d'un ESMS : l'écrire, l'amorcer depuis la grappe, relire ce qui fut transmis."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from programme.enums import EtatParcours
from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.nombres import liste
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from risques.enums import CategorieRisque, EtatAnalyse, Impact, NiveauRisque, Probabilite
from risques.models import AnalyseLocale, LigneAnalyse
from risques.permissions import peut_saisir_analyse
from risques.services.amorces import Amorce, Amorces
from risques.services.baremes import Bareme, bareme_de

CHAMPS = ("probabilite", "impact", "mot")
TRANSMISE = "L'analyse est transmise : revoyez-la d'abord, ce qui fut transmis restera lisible."
SORTI = "Cet ESMS est sorti du projet : réintégrez-le avant d'écrire ses risques."
Dites = Mapping[str, Mapping[str, Any]]
"""Par catégorie, ce qui est dit : `probabilite` et `impact` de 1 à 4 ou None, `mot`."""


@dataclass(frozen=True, slots=True)
class LigneLue:
    """Une des six lignes, telle qu'on la montre : ce qui est enregistré, ce que suggère la grappe."""

    categorie: CategorieRisque
    probabilite: Probabilite | None
    impact: Impact | None
    mot: str
    niveau: NiveauRisque | None
    ligne: LigneAnalyse | None = None
    amorce: Amorce | None = None

    @property
    def est_dite(self) -> bool:
        """Vrai si probabilité et impact sont donnés."""
        return self.niveau is not None

    @property
    def rang(self) -> int:
        """Rang du niveau, de 1 à 4 ; 0 tant qu'il n'est pas dit."""
        return list(NiveauRisque).index(self.niveau) + 1 if self.niveau else 0


def analyse_de(parcours: Parcours) -> AnalyseLocale | None:
    """L'analyse de cet ESMS, s'il l'a commencée. Une requête."""
    return AnalyseLocale.objects.pour_lecture().filter(parcours=parcours).first()


def _lue(categorie: str, valeurs: Mapping[str, Any], bareme: Bareme, **champs: Any) -> LigneLue:
    p, i = valeurs.get("probabilite"), valeurs.get("impact")
    return LigneLue(
        CategorieRisque(categorie),
        Probabilite(p) if p else None,
        Impact(i) if i else None,
        valeurs.get("mot") or "",
        bareme.niveau(p, i) if p and i else None,
        **champs,
    )


def lignes_pour(analyse: AnalyseLocale, *, par: Utilisateur) -> list[LigneAnalyse]:
    """Ses lignes pour ce lecteur : ce qui est enregistré à qui saisit pour l'ESMS, à tout autre ce qui est transmis."""
    return list(analyse.lignes.all()) if peut_saisir_analyse(par, analyse) else analyse.lignes_transmises


def lire_lignes(
    parcours: Parcours, analyse: AnalyseLocale | None, amorces: Amorces | None = None, *, par: Utilisateur
) -> list[LigneLue]:
    """Les six lignes dans l'ordre, dites ou non pour ce lecteur, et l'amorce de chacune."""
    dites = {ligne.categorie: ligne for ligne in lignes_pour(analyse, par=par)} if analyse else {}
    connues, bareme = (amorces or Amorces()).par_categorie, bareme_de(parcours.grappe)
    rendu = []
    for categorie in CategorieRisque:
        ligne = dites.get(categorie)
        valeurs = {nom: getattr(ligne, nom) for nom in CHAMPS} if ligne else {}
        rendu.append(_lue(categorie, valeurs, bareme, ligne=ligne, amorce=connues.get(categorie)))
    return rendu


def transmissions_de(analyse: AnalyseLocale | None, bareme: Bareme) -> list[tuple[Any, list[LigneLue]]]:
    """Ce qui fut transmis, la dernière fois d'abord : (instantané, ses lignes). Une requête."""
    if analyse is None:
        return []
    figes = analyse.instantanes.select_related("par").order_by("-rang")
    return [(fige, [_lue(dite["categorie"], dite, bareme) for dite in fige.contenu]) for fige in figes]


def jeton_de(analyse: AnalyseLocale | None) -> int:
    """La dernière écriture connue des six lignes ; 0 si rien n'est écrit."""
    return jeton(LigneAnalyse.history.filter(analyse=analyse)) if analyse else 0


def _exiger_inchangees(analyse: AnalyseLocale, vu: int | None) -> None:
    """Lève `Refus("concurrence")` en nommant les lignes qu'un autre a écrites depuis ce jeton."""
    if vu is None:
        return
    ecrites = LigneAnalyse.history.filter(analyse=analyse, history_id__gt=vu).select_related("history_user")
    lues = list(ecrites.order_by("history_id"))
    if lues:
        qui = liste(dict.fromkeys(str(ligne.history_user or "une autre personne") for ligne in lues))
        quoi = liste(dict.fromkeys(str(CategorieRisque(ligne.categorie).label).lower() for ligne in lues))
        raise Refus(
            "concurrence",
            f"Entre-temps, {qui} a changé : {quoi}. Votre saisie est gardée : relisez, puis enregistrez à nouveau.",
        )


def _ecrire(analyse: AnalyseLocale, dites: Dites, par: Utilisateur) -> None:
    """N'écrit que les lignes qui changent : l'histoire ne se charge pas de copies."""
    connues = {ligne.categorie: ligne for ligne in analyse.lignes.all()}
    for categorie in CategorieRisque:
        if categorie not in dites:
            continue
        ligne = connues.get(categorie) or LigneAnalyse(analyse=analyse, categorie=categorie)
        avant = [getattr(ligne, nom) for nom in CHAMPS]
        for nom in CHAMPS:
            setattr(ligne, nom, dites[categorie].get(nom) or ("" if nom == "mot" else None))
        if ligne.pk is None or avant != [getattr(ligne, nom) for nom in CHAMPS]:
            valider(ligne)
            signer(ligne, par)
            ligne.save()


@transaction.atomic
def enregistrer_analyse(
    *,
    parcours: Parcours,
    lignes: Dites,
    par: Utilisateur,
    vu: int | None = None,
    transmettre: bool = False,
    reponse: str = "",
) -> AnalyseLocale:
    """Écrit les lignes dites (les autres restent) ; `transmettre` : puis les transmet, par la porte.

    `reponse` : ce que la direction répond à la précision demandée ; elle reste au journal, avec la transmission.

    `vu` : jeton de ce que la personne avait sous les yeux. Lève `Refus` (droit, etat, champ, concurrence, conditions).
    """
    exiger(peut_saisir_analyse(par, parcours))
    # Deux premières saisies à la fois : le verrou est sur le parcours, l'analyse n'existe pas encore.
    verrou = Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    if verrou.etat == EtatParcours.SORTI:
        raise Refus("etat", SORTI)
    analyse = AnalyseLocale.objects.filter(parcours=parcours).first() or AnalyseLocale.objects.create(parcours=parcours)
    if not analyse.est_a_remplir:
        raise Refus("etat", TRANSMISE)
    _exiger_inchangees(analyse, vu)
    _ecrire(analyse, lignes, par)
    if transmettre:
        changer_etat(analyse, "transmettre", par=par, motif=reponse)
    return analyse


def geste_de(lignes: Iterable[LigneLue]) -> str:
    """Le même mot partout pour aller écrire les six lignes."""
    return "Compléter l'analyse" if any(ligne.est_dite for ligne in lignes) else "Remplir l'analyse"


def _dernier_motif(analyse: AnalyseLocale, transition: str) -> str:
    passage = Passage.objects.de(analyse).filter(transition=transition).order_by("-rang").first()
    return passage.motif if passage else ""


def precision_demandee(analyse: AnalyseLocale | None) -> str:
    """La question du chef de projet, tant qu'elle attend sa réponse. Une requête au plus."""
    if analyse is None or analyse.etat != EtatAnalyse.PRECISION:
        return ""
    return _dernier_motif(analyse, "demander_precision")


def reponse_de(analyse: AnalyseLocale | None) -> str:
    """Ce que la direction a répondu en transmettant, tant que le chef de projet le lit. Une requête au plus."""
    if analyse is None or analyse.etat != EtatAnalyse.TRANSMISE:
        return ""
    return _dernier_motif(analyse, "transmettre")
