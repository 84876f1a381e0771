"""Toutes les machines : chaque état, chaque transition, un droit et un verbe, et la porte pour seule entrée."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from formation.enums import EtatMatrice, EtatSession
from formation.models import Matrice, SessionFormation
from gouvernance.enums import EtatAlerte, EtatDecision, EtatSeance
from gouvernance.models import Alerte, Decision, Seance
from programme.enums import (
    EtatAction,
    EtatCandidature,
    EtatDemande,
    EtatGrappe,
    EtatJalon,
    EtatMoment,
    EtatOuverture,
    EtatParcours,
    Role,
)
from programme.models import Action, Candidature, DemandeParametrage, Grappe, Jalon, Moment, Ouverture, Parcours
from programme.socle import porte
from programme.socle.droits import droits
from programme.socle.erreurs import Refus
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from risques.enums import EtatAnalyse, EtatCampagne, EtatGrille, EtatRisque, EtatVersion
from risques.models import AnalyseLocale, Campagne, Grille, Risque, VersionQuestionnaire
from tests.fabriques import (
    ActionFactory,
    CandidatureFactory,
    DemandeParametrageFactory,
    GrappeFactory,
    JalonFactory,
    MomentFactory,
    OuvertureFactory,
    ParcoursFactory,
    affecter,
)
from tests.formation.fabriques import HabilitationFactory, MatriceFactory, SessionFormationFactory
from tests.gouvernance.fabriques import AlerteFactory, DecisionFactory, SeanceFactory
from tests.risques.fabriques import (
    AnalyseLocaleFactory,
    CampagneFactory,
    GrilleFactory,
    RisqueFactory,
    VersionFactory,
)
from tests.usages.fabriques import DemandeEditeurFactory, PrecisionFactory, PreuveUsageFactory, ReleveFactory
from tests.usages.monographies.fabriques import EtudeFactory, MonographieFactory, VisiteFactory, equiper
from tests.usages.retours.fabriques import EnseignementFactory, PratiqueFactory, RetourFactory
from usages.enums import (
    EtatDemandeEditeur,
    EtatEnseignement,
    EtatEtude,
    EtatMonographie,
    EtatPratique,
    EtatPrecision,
    EtatPreuve,
    EtatReleve,
    EtatRetour,
    EtatVisite,
)
from usages.models import (
    DemandeEditeur,
    Enseignement,
    Etude,
    Monographie,
    Pratique,
    Precision,
    PreuveUsage,
    Releve,
    Rencontre,
    Retour,
    Visite,
)
from usages.permissions.etudes import etude_de

pytestmark = pytest.mark.django_db

DETAILS = {
    "instruire": {"attente": "direction"},
    "conclure": {"issue": "pratique"},
    "signer": {"qualite": "Cheffe de projet"},
}
MACHINES: list[type[ModeleAEtats]] = [
    Grappe, Parcours, Ouverture, Jalon, Action, DemandeParametrage, Moment, Candidature,
    VersionQuestionnaire, Campagne, Grille, AnalyseLocale, Risque, Seance, Decision, Alerte,
    SessionFormation, Matrice, Releve, Precision, DemandeEditeur, PreuveUsage, Enseignement, Pratique,
    Retour, Etude, Visite, Monographie,
]  # fmt: skip


def test_toute_machine_est_eprouvee_ici() -> None:
    assert set(ModeleAEtats.__subclasses__()) - {m for m in ModeleAEtats.__subclasses__() if m._meta.abstract} == set(
        MACHINES
    )


def test_toute_machine_garde_ses_ecritures_par_lot() -> None:
    for modele in MACHINES:
        assert isinstance(modele._default_manager.all(), ModeleAEtatsQuerySet), modele


def test_toute_transition_a_un_droit_et_un_verbe() -> None:
    for modele in MACHINES:
        for nom, t in modele.transitions().items():
            assert f"{modele._meta.label_lower}:{nom}" in droits, f"{modele.__name__}.{nom} : droit absent"
            assert t.custom.get("verbe"), f"{modele.__name__}.{nom} : verbe absent"


def _cas() -> list[tuple[type[ModeleAEtats], str, str]]:
    etats = {
        Grappe: EtatGrappe,
        Parcours: EtatParcours,
        Ouverture: EtatOuverture,
        Jalon: EtatJalon,
        Action: EtatAction,
        DemandeParametrage: EtatDemande,
        Moment: EtatMoment,
        Candidature: EtatCandidature,
        VersionQuestionnaire: EtatVersion,
        Campagne: EtatCampagne,
        Grille: EtatGrille,
        AnalyseLocale: EtatAnalyse,
        Risque: EtatRisque,
        Seance: EtatSeance,
        Decision: EtatDecision,
        Alerte: EtatAlerte,
        SessionFormation: EtatSession,
        Matrice: EtatMatrice,
        Releve: EtatReleve,
        Precision: EtatPrecision,
        DemandeEditeur: EtatDemandeEditeur,
        PreuveUsage: EtatPreuve,
        Enseignement: EtatEnseignement,
        Pratique: EtatPratique,
        Retour: EtatRetour,
        Etude: EtatEtude,
        Visite: EtatVisite,
        Monographie: EtatMonographie,
    }
    return [(m, etat.value, t) for m in MACHINES for etat in etats[m] for t in m.transitions()]


def _poser(modele: type[ModeleAEtats], etat: str) -> tuple[ModeleAEtats, Any]:
    fabriques = {
        Grappe: GrappeFactory,
        Parcours: ParcoursFactory,
        Ouverture: OuvertureFactory,
        Jalon: JalonFactory,
        Action: ActionFactory,
        DemandeParametrage: DemandeParametrageFactory,
        Moment: MomentFactory,
        Candidature: CandidatureFactory,
        VersionQuestionnaire: VersionFactory,
        Campagne: CampagneFactory,
        Grille: GrilleFactory,
        AnalyseLocale: AnalyseLocaleFactory,
        Risque: RisqueFactory,
        Seance: SeanceFactory,
        Decision: DecisionFactory,
        Alerte: AlerteFactory,
        # Commencée : avant l'heure, on ne la dit pas tenue.
        SessionFormation: lambda: SessionFormationFactory(debut=timezone.now() - timedelta(hours=1)),
        Matrice: MatriceFactory,
        Releve: ReleveFactory,
        Precision: PrecisionFactory,
        DemandeEditeur: DemandeEditeurFactory,
        PreuveUsage: PreuveUsageFactory,
        Enseignement: EnseignementFactory,
        Pratique: PratiqueFactory,
        Retour: RetourFactory,
        Etude: lambda: EtudeFactory(
            base=[{"nature": "grappe", "cle": "1", "nom": "Une grappe", "faits": {}, "issue_de": []}]
        ),
        Visite: _visitee,
        Monographie: _redigee,
    }
    objet = fabriques[modele]()
    tout = affecter(Role.CHEF_PROJET)
    affecter(Role.DIRECTEUR, utilisateur=tout)
    affecter(Role.ARS, utilisateur=tout)
    memoire = {"etat_suspendu": "consultation", "etat_memoire": "cadrage", "etat_avant_sortie": "preparation"}
    valeurs = {c: v for c, v in memoire.items() if any(f.name == c for f in modele._meta.fields)} | {"etat": etat}
    if modele is DemandeParametrage and etat == EtatDemande.CLOSE:
        valeurs["issue"] = "reglage"
    if isinstance(objet, Etude | Visite | Monographie):
        equiper(etude_de(objet), tout)
    if isinstance(objet, Retour):
        valeurs |= _dits_du_retour(objet, etat)
    if isinstance(objet, Matrice):
        HabilitationFactory(matrice=objet)
        _validee_apres(objet)
    # Écriture brute : le test veut chaque état, atteignable ou non.
    models.QuerySet(modele).filter(pk=objet.pk).update(**valeurs)
    objet = modele.objects.get(pk=objet.pk)
    if isinstance(objet, Grille):
        Grille.objects.filter(pk=objet.pk).update(evaluateur=tout)
        objet = Grille.objects.get(pk=objet.pk)
    if isinstance(objet, Ouverture):
        changer_etat(objet.unite.parcours, "constater", par=tout, vers="ouverture")
    return objet, tout


def _visitee() -> Visite:
    """Une visite où l'on a rencontré quelqu'un."""
    visite = VisiteFactory()
    Rencontre.objects.create(visite=visite, qui="Éducateurs", nombre=2)
    return visite


def _redigee() -> Monographie:
    """Une monographie dont une section est écrite."""
    monographie = MonographieFactory()
    section = monographie.sections.get(code="motivations")
    section.texte = "L'équipe voulait lire la nuit en une page."
    section.save()
    return monographie


def _dits_du_retour(retour: Retour, etat: str) -> dict[str, Any]:
    """Ce que la base exige de chaque état : un porteur, une réponse."""
    porteur = RetourFactory(parcours=retour.parcours) if etat == EtatRetour.REGROUPE else None
    return {"reponse": "Nous avons changé l'écran.", "porte_par": porteur}


def _details_du_retour(retour: Retour) -> dict[str, dict[str, Any]]:
    dits = {"theme": "panne", "titre": "Écran lent"}
    sous = {"sous": RetourFactory(parcours=retour.parcours).pk}
    prise = {"prendre_en_charge": dits | {"voie": "interne"}}
    return {"qualifier": dits, "ne_pas_retenir": {"titre": "Écran lent"}, "regrouper": sous} | prise


def _validee_apres(matrice: Matrice) -> None:
    """Celle qui la remplace : aucune autre ne se travaille en même temps, d'où l'écriture brute."""
    models.QuerySet(Matrice).filter(pk=matrice.pk).update(etat=EtatMatrice.REMPLACEE)
    apres = MatriceFactory(parcours=matrice.parcours, numero=matrice.numero + 1)
    models.QuerySet(Matrice).filter(pk=apres.pk).update(etat=EtatMatrice.VALIDEE)


@pytest.mark.parametrize(("modele", "etat", "transition"), _cas())
def test_chaque_etat_et_chaque_transition(
    modele: type[ModeleAEtats], etat: str, transition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    objet, par = _poser(modele, etat)
    monkeypatch.setattr(porte, "evaluer", lambda qs, t, **_: {})
    details = {"vers": dict(_vers())[modele]} if transition == "constater" else DETAILS.get(transition, {})
    if modele is Alerte and transition == "clore":
        details = {"reponse": "essai"}
    if isinstance(objet, Retour):
        details = _details_du_retour(objet).get(transition, {})
    if etat in modele.departs(transition):
        passage = changer_etat(objet, transition, par=par, motif="essai", **details)
        assert passage.de == etat and objet.etat == passage.vers and objet.version == 1
    else:
        with pytest.raises(Refus) as refus:
            changer_etat(objet, transition, par=par, motif="essai", **details)
        assert refus.value.code == "etat" and objet.etat == etat
        assert not Passage.objects.de(objet).exists()


def _vers() -> list[tuple[type[ModeleAEtats], str]]:
    return [(Grappe, "deploiement"), (Parcours, "ouverture"), (Ouverture, "ouverte")]


def test_seule_la_porte_appelle_une_transition() -> None:
    racine = Path(__file__).resolve().parents[3]
    noms = "|".join(sorted({t for m in MACHINES for t in m.transitions()}))
    appel = re.compile(rf"\.({noms})\(\s*\)|\.update\([^)]*\betat\s*=|\bsetattr\([^,]+,\s*[\"']etat")
    fautes = []
    for fichier in racine.glob("*/**/*.py"):
        partie = fichier.relative_to(racine).parts
        if partie[0] in {"tests", "var", ".venv"} or "migrations" in partie:
            continue
        for numero, ligne in enumerate(fichier.read_text().splitlines(), 1):
            if appel.search(ligne):
                fautes.append(f"{'/'.join(partie)}:{numero} {ligne.strip()}")
    assert not fautes, "\n".join(fautes)
