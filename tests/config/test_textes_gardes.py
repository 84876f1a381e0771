"""Tout texte que quelqu'un écrit passe par la garde des NIR : chaque champ de modèle, chaque champ de formulaire.

Un champ qu'on n'écrit pas à la main se nomme ici, avec sa raison. Un nouveau venu sans garde ni raison fait rougir.
"""

import json
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from formation.forms.professionnels import PersonneForm
from gouvernance.forms.seances import SeanceForm
from programme.forms.champs import GardeNir
from programme.forms.interlocuteurs import InterlocuteursForm
from programme.forms.lignes import ContactForm
from programme.forms.perimetre import CompteForm
from programme.forms.referentiel import SolutionForm
from programme.socle.champs import DonneesField, SaisieLibre, TexteCourtField, TexteLibreField, refuser_nir
from usages.forms.retours_capture import CaptureForm

APPS = ("programme", "gouvernance", "risques", "formation", "usages")
LONGUEUR_D_UN_NIR = 15

# --- les modèles -----------------------------------------------------------------------------------------------------

CALCULE = "écrit par le produit (état, code de règle, clé, empreinte, mesure), jamais tapé"
DERIVE = "recopie normalisée de champs gardés ou publics, pour chercher et trier"
FIGE = "copie figée d'objets dont chaque texte est déjà gardé"
PUBLIC = "référence publique (FINESS, INSEE) ou livrée avec le produit, chargée par une commande"
CODE = "code court sans espace : livré avec le produit, ou lu d'un fichier dont chaque case est gardée"
SAISI = "adresse ou nom tapé dans un formulaire gardé, nommé dans SAISIS"
FICHIER = "lu d'un fichier dont le nom et chaque case sont gardés avant d'être écrits"
SECRET = "empreinte de mot de passe : jamais le texte tapé"
CRITERES = "gardé par criteres_a_garder(), seul chemin vers ce champ"

EXCEPTIONS: dict[str, tuple[str, ...]] = {
    CALCULE: (
        "socle.Filtre.liste",
        "socle.Filtre.objet",
        "socle.Filtre.role",
        "socle.Passage.de",
        "socle.Passage.vers",
        "socle.Passage.transition",
        "socle.Passage.role",
        "socle.Passage.constats",
        "socle.Passage.precedente",
        "socle.Passage.empreinte",
        "socle.Derogation.condition",
        "socle.Derogation.lien",
        "socle.ReglageCondition.condition",
        "socle.Jeton.prefixe",
        "socle.Jeton.empreinte",
        "socle.Travail.genre",
        "socle.Travail.objet",
        "socle.Travail.message",
        "socle.Travail.parametres",
        "socle.Travail.resultat",
        "socle.Travail.erreur",
        "socle.Travail.empreinte",
        "socle.Travail.creneau",
        "socle.Travail.tache",
        "socle.Correspondance.genre",
        "socle.Piece.type",
        "socle.Piece.empreinte",
        "programme.Grappe.etat_suspendu",
        "programme.Parcours.etat_memoire",
        "programme.Parcours.etat_avant_sortie",
        "programme.Invitation.empreinte",
        "programme.Action.origine",
        "programme.VersionChecklist.empreinte",
        "programme.LigneChecklist.mesure",
        "programme.DureesObservees.cle",
        "programme.DureesObservees.durees",
        "programme.Proposition.transition",
        "gouvernance.Alerte.regle",
        "gouvernance.Alerte.cle",
        "gouvernance.Point.origine",
        "gouvernance.Point.cle",
        "gouvernance.CompteRendu.empreinte",
        "gouvernance.DossierSeance.empreinte",
        "gouvernance.Decision.condition",
        "risques.VersionQuestionnaire.empreinte",
        "formation.BilanChangement.empreinte",
        "formation.RaisonHabilitation.regle",
        "formation.RaisonHabilitation.cle",
        "usages.UsageMensuel.empreinte",
        "usages.CumulIndicateur.cle",
        "usages.PreuveUsage.empreinte",
        "usages.CleDuJour.cle",
        "usages.CompteurDeDepots.empreinte",
        "usages.LienDeRetour.jeton",
        "usages.Retour.suivi",
    ),
    DERIVE: (
        "programme.OrganismeGestionnaire.recherche",
        "programme.OrganismeGestionnaire.tri",
        "programme.Esms.recherche",
        "programme.Esms.tri",
        "programme.Grappe.tri",
        "programme.Action.tri",
        "programme.Besoin.recherche",
        "programme.DemandeParametrage.tri",
        "programme.Application.recherche",
        "gouvernance.Alerte.tri",
        "gouvernance.Decision.tri",
        "risques.Campagne.tri",
        "risques.Risque.tri",
        "formation.Professionnel.recherche",
        "formation.Professionnel.tri",
        "usages.Indicateur.tri",
        "usages.Irritant.tri",
        "usages.DemandeEditeur.tri",
        "usages.Retour.tri",
        "usages.Enseignement.tri",
        "usages.Pratique.tri",
        "usages.Etude.tri",
        "usages.Monographie.tri",
    ),
    FIGE: (
        "gouvernance.CompteRendu.contenu",
        "gouvernance.DossierSeance.contenu",
        "risques.InstantaneAnalyse.contenu",
        "risques.Instantane.contenu",
        "formation.BilanChangement.contenu",
        "usages.PreuveUsage.contenu",
        "usages.EtapeEtude.resultat",
        "usages.Edition.contenu",
        "usages.Monographie.valide",
    ),
    PUBLIC: (
        "programme.Region.nom",
        "programme.Departement.nom",
        "programme.Categorie.libelle",
        "programme.Categorie.sigle",
        "programme.Metier.nom",
        "programme.Module.nom",
        "programme.OrganismeGestionnaire.nom",
        "programme.OrganismeGestionnaire.nom_long",
        "programme.Esms.nom",
        "programme.Esms.nom_long",
        "programme.Esms.ville",
        "programme.Esms.adresse",
        "formation.RegleCoherence.libelle",
        "formation.RegleCoherence.natures",
        "formation.RegleCoherence.modules",
    ),
    CODE: (
        "socle.Correspondance.code",
        "programme.Metier.code",
        "programme.Module.code",
        "programme.LigneChecklist.code",
        "programme.ReponseChecklist.code",
        "programme.VersionInstruction.code",
        "risques.Questionnaire.code",
        "formation.Profil.code",
        "formation.RegleCoherence.code",
        "formation.ModuleFormation.code",
        "usages.EtapeEtude.code",
        "usages.Indicateur.code",
        "usages.Indicateur.calcul",
        "usages.Valeur.cle",
    ),
    SAISI: (
        "programme.Editeur.nom",
        "programme.Solution.nom",
        "programme.Interlocuteur.courriel",
        "programme.Utilisateur.identifiant",
        "programme.Utilisateur.courriel",
        "gouvernance.Seance.lien",
        "formation.Professionnel.courriel",
        "usages.Retour.courriel",
    ),
    FICHIER: (
        "socle.Travail.nom_fichier",
        "socle.Correspondance.colonnes",
        "socle.Correspondance.valeurs",
        "socle.Correspondance.options",
        "risques.Question.echelle",
        "usages.Indicateur.parts",
    ),
    SECRET: ("programme.Utilisateur.password",),
    CRITERES: ("socle.Filtre.criteres",),
}
RAISONS = {champ: raison for raison, champs in EXCEPTIONS.items() for champ in champs}
# L'historique écrit lui-même pourquoi (une phrase du produit) et quoi (« + », « ~ », « - »).
DE_L_HISTORIQUE = {"history_change_reason", "history_type"}
SAISIS: dict[str, tuple[type[forms.BaseForm], str]] = {
    "programme.Editeur.nom": (SolutionForm, "nouvel_editeur"),
    "programme.Solution.nom": (SolutionForm, "nom"),
    "programme.Interlocuteur.courriel": (ContactForm, "courriel"),
    "programme.Utilisateur.identifiant": (CompteForm, "identifiant"),
    "programme.Utilisateur.courriel": (CompteForm, "courriel"),
    "gouvernance.Seance.lien": (SeanceForm, "lien"),
    "formation.Professionnel.courriel": (PersonneForm, "courriel"),
    "usages.Retour.courriel": (CaptureForm, "courriel"),
}
GARDES = (TexteLibreField, TexteCourtField)


def _du_produit(classe: type) -> bool:
    return classe.__module__.split(".")[0] in APPS


def _textes() -> Iterator[tuple[str, models.Field]]:
    """Chaque champ de texte du produit assez long pour un NIR ; celui d'un historique porte le nom de sa source.

    Une liste close de choix n'est pas un texte : la validation n'y admet que ses choix.
    """
    for modele in apps.get_models(include_auto_created=True):
        if not _du_produit(modele):
            continue
        source = getattr(modele, "instance_type", modele)
        for champ in modele._meta.local_fields:
            texte = isinstance(champ, models.CharField | models.TextField | models.JSONField)
            if not texte or champ.choices or (champ.max_length or LONGUEUR_D_UN_NIR) < LONGUEUR_D_UN_NIR:
                continue
            if source is not modele and champ.name in DE_L_HISTORIQUE:
                continue
            yield f"{source._meta.label}.{champ.name}", champ


def test_tout_texte_saisi_est_garde_dans_son_modele_et_dans_son_historique() -> None:
    nus = {nom for nom, champ in _textes() if not isinstance(champ, (*GARDES, DonneesField))}
    assert sorted(nus - RAISONS.keys()) == [], "texte sans garde : TexteLibreField, TexteCourtField, ou une raison ici"
    assert sorted(RAISONS.keys() - nus) == [], "exception devenue inutile : retirez-la"


def test_une_exception_n_a_qu_une_raison() -> None:
    assert len(RAISONS) == sum(map(len, EXCEPTIONS.values()))


def test_un_champ_garde_refuse_un_nir() -> None:
    """Le nom de la classe ne suffit pas : chacun est essayé."""
    essayes = 0
    for nom, champ in _textes():
        if isinstance(champ, GARDES):
            essayes += 1
            with pytest.raises(ValidationError) as refus:
                champ.run_validators("1 85 05 78 006 084 91")
            assert "nir" in {e.code for e in refus.value.error_list}, nom
    assert essayes > 100


@pytest.mark.parametrize("ou", [{"motif": "{}"}, {"unites": [{"nom": "vu {} hier"}]}, {"{}": 1}])
def test_des_donnees_gardees_refusent_un_nir_ou_qu_il_soit(ou: dict[str, object]) -> None:
    ecrites = json.loads(json.dumps(ou).replace("{}", "1 85 05 78 006 084 91"))
    with pytest.raises(ValidationError):
        _champ().pre_save(Porteur(ecrites), True)
    _champ().pre_save(Porteur(ou), True)


def _champ() -> DonneesField:
    champ = DonneesField()
    champ.set_attributes_from_name("d")
    return champ


class Porteur:
    """Ce qu'un champ lit d'un objet."""

    def __init__(self, donnees: object) -> None:
        self.d = donnees


# --- les formulaires -------------------------------------------------------------------------------------------------

NON_ECRITS: dict[tuple[str, str], str] = {
    ("PublicsForm", "vus"): "champ caché : ce qui était coché",
    ("ConnexionForm", "username"): "lu, jamais écrit : il cherche un compte",
    ("ConnexionForm", "password"): "lu, jamais écrit",
    ("AjoutEsmsForm", "numeros"): "des FINESS, dont seuls les connus entrent",
    ("DepotFinessForm", "categories"): "des codes de catégories, dont seuls les connus comptent",
    ("FusionForm", "absorbant"): "un FINESS connu",
    ("OuverturesForm", "vues"): "champ caché : les versions lues",
    ("ProposerEnLotForm", "transition"): "champ caché : une transition de la machine",
    ("LigneAnalyseForm", "mot"): "gardé par le modèle (TexteLibreField)",
    ("RessaisieForm", "texte"): "des codes et des notes : il n'en reste que des nombres",
    ("RessaisieForm", "vu"): "champ caché : la version lue",
    ("SignerForm", "vue"): "champ caché : le sceau de ce qu'on a lu",
    ("SoutienForm", "cle"): "champ caché : une clé tirée au hasard, d'une forme close",
    ("ValiderForm", "lus"): "champ caché : les versions lues",
}


def _formulaires(classe: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for fille in classe.__subclasses__():
        if _du_produit(fille):
            yield fille
        yield from _formulaires(fille)


def test_tout_champ_ecrit_a_la_main_d_un_formulaire_est_garde() -> None:
    for app in APPS:
        paquet = import_module(f"{app}.forms")
        for module in pkgutil.walk_packages(paquet.__path__, f"{paquet.__name__}."):
            import_module(module.name)
    nus = {
        (classe.__name__, nom)
        for classe in _formulaires()
        if not issubclass(classe, GardeNir)
        for nom, champ in classe.base_fields.items()
        if isinstance(champ, forms.CharField) and refuser_nir not in champ.validators
    }
    assert sorted(nus - NON_ECRITS.keys()) == [], "champ sans garde : mêlez GardeNir au formulaire"
    assert sorted(NON_ECRITS.keys() - nus) == [], "exception devenue inutile : retirez-la"


@pytest.mark.parametrize("champ", SAISIS)
def test_un_champ_garde_par_son_formulaire_l_est(champ: str) -> None:
    formulaire, nom = SAISIS[champ]
    assert RAISONS[champ] == SAISI
    assert nom in formulaire.base_fields and issubclass(formulaire, GardeNir)


def test_chaque_champ_dit_saisi_nomme_son_formulaire() -> None:
    assert set(SAISIS) == set(EXCEPTIONS[SAISI])
    assert issubclass(InterlocuteursForm, GardeNir) and refuser_nir in SaisieLibre().validators
