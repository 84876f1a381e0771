"""Formulaires des fichiers de connexion : les déposer, relier leurs colonnes ; allumer les heures et les lieux."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from formation.services.import_professionnels import Portee
from programme.forms.champs import GardeNir
from programme.forms.depot_relie import DepotRelieForm
from programme.forms.passages import saisie_de_date
from programme.forms.relier import LiaisonForm
from programme.models import Editeur
from programme.services.correspondances import choix_d_esms
from programme.socle.classeur import Cellule
from programme.socle.finess.numero import expliquer
from programme.socle.finess.refus import FichierRefuse
from programme.socle.grilles import Grille
from programme.socle.liaisons import ESMS, Choix
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde
from programme.socle.texte import normaliser
from usages.calculs.mots_connexions import (
    COLONNES,
    INSTANT,
    LIEU,
    NOM_DE_L_INSTANT,
    SANS_ENTETE,
    proposer_colonnes,
    proposer_lieu,
)
from usages.donnees.flux import LIGNES_MONTREES
from usages.enums import LieuConnexion, SourceUsage
from usages.models import HorairesAllumes
from usages.services.connexions.correspondances import colonnes_de_l_editeur, noms_des_esms, source_de

SANS_EXTRACTION = "Dites quel jour l’éditeur a extrait cette liste : elle ne vaut que pour ce mois-là."
A_VENIR = "Cette date est à venir : corrigez-la."
A_L_ENVERS = "La fin précède le début : corrigez l’une des deux dates."


def colonnes_admises(portee: Portee) -> list[str]:
    """Les colonnes qu'on propose : le lieu, seulement si un ESMS l'a allumé."""
    allumes = HorairesAllumes.objects.filter(parcours__in=[p.pk for p in portee.parcours.values()])
    return [code for code in COLONNES if code != LIEU or allumes.exists()]


class DepotConnexionsForm(DepotRelieForm):
    """Le fichier, ce qu'il est, comment le lire, et les jours qu'il couvre."""

    nom_du_fichier = "Fichier de l’éditeur"
    aide_du_fichier = "Un CSV, tel qu’il est : plusieurs ESMS, plusieurs mois. Rien n’est écrit sans vous."
    source = forms.ChoiceField(
        label="Ce qu’il contient", choices=SourceUsage.choices, widget=forms.RadioSelect, initial=SourceUsage.JOURNAL
    )
    du = saisie_de_date(
        label="Premier jour couvert",
        required=False,
        help_text="Si l’éditeur le dit. Sinon, Treille prend les jours lus dans le fichier, et signale un mois entamé.",
    )
    au = saisie_de_date(
        label="Dernier jour couvert",
        required=False,
        help_text="Pour une liste d’utilisateurs : le jour où elle a été extraite.",
    )
    field_order = ("fichier", "source", "correspondance")
    remede = "demandez-le à l’éditeur mois par mois"

    def lire_plafond(self) -> int:
        """Un journal est gros ; seul qui gère un ESMS le dépose."""
        return settings.TREILLE_TAILLE_IMPORT

    def clean(self) -> dict[str, Any]:
        """Une liste est un état : elle a une date. Rien n'est à venir, rien n'est à l'envers."""
        champs = super().clean() or self.cleaned_data
        du, au = champs.get("du"), champs.get("au")
        if champs.get("source") == SourceUsage.LISTE and not au and "au" not in self.errors:
            self.add_error("au", SANS_EXTRACTION)
        for nom, jour in (("du", du), ("au", au)):
            if jour and jour > timezone.localdate():
                self.add_error(nom, A_VENIR)
        if du and au and du > au:
            self.add_error("au", A_L_ENVERS)
        return champs

    def parametres(self) -> dict[str, Any]:
        """Les jours que l'import retient."""
        jours: dict[str, date | None] = {nom: self.cleaned_data.get(nom) for nom in ("du", "au")}
        return {nom: jour.isoformat() for nom, jour in jours.items() if jour}

    def convient(self, correspondance: Correspondance, grille: Grille) -> bool:
        """Celle de cette sorte de fichier, aux mêmes intitulés."""
        memes = [normaliser(e) for e in grille.entetes] == [normaliser(e) for e in correspondance.options["entetes"]]
        est_de_la_sorte = source_de(correspondance) == self.cleaned_data["source"]
        return est_de_la_sorte and memes and super().convient(correspondance, grille)

    def proposer(self, grille: Grille) -> dict[int, str]:
        """Ce que disent les intitulés, et ce que d'autres ont dit pour cet éditeur. Lève `FichierRefuse`."""
        if SANS_ENTETE in self.import_.controler(grille, {}):
            raise FichierRefuse(SANS_ENTETE)
        connues = colonnes_de_l_editeur(self.editeur)
        return proposer_colonnes(grille.entetes, connues, admises=colonnes_admises(self.portee))

    @property
    def editeur(self) -> Editeur | None:
        """Celui de la solution de l'ESMS d'où l'on dépose, à défaut de sa grappe."""
        assert self.depuis is not None  # un fichier de connexion se dépose depuis un ESMS
        solution = self.depuis.solution or self.depuis.grappe.solution
        return solution.editeur if solution else None

    def nommer(self) -> str:
        """L'éditeur, plutôt que le nom du fichier."""
        return f"Connexions, {self.editeur}" if self.editeur else "Connexions"

    def options(self) -> dict[str, Any]:
        """La sorte de fichier, et l'éditeur."""
        editeur = {"editeur": self.editeur.pk} if self.editeur else {}
        return {"source": self.cleaned_data["source"]} | editeur


class RelierConnexionsForm(LiaisonForm):
    """Les colonnes d'un fichier de connexion, ses ESMS ; ses lieux, si l'un des ESMS les a allumés."""

    lignes_lues = LIGNES_MONTREES
    sans_choix = {ESMS: "Aucun : mettre ces lignes de côté", LIEU: "Lieu non dit"}

    def __init__(self, *args: Any, portee: Portee, **kwargs: Any) -> None:
        self.admises, self.noms = colonnes_admises(portee), noms_des_esms(portee)
        super().__init__(*args, portee=portee, **kwargs)

    def offrir(self) -> dict[str, list[Choix]]:
        """Les ESMS gérés, ou les deux lieux."""
        lieux = [Choix(valeur, str(mot)) for valeur, mot in LieuConnexion.choices if valeur]
        return {ESMS: choix_d_esms(self.portee.parcours), LIEU: lieux}

    def choix_de_colonne(self) -> list[Any]:
        """Les colonnes attendues ; le lieu n'y est que si un ESMS l'a allumé."""
        return [("", "Ne pas reprendre"), *((code, self.libelle(code)) for code in COLONNES if code in self.admises)]

    def deviner(self) -> dict[int, str]:
        """Ce que disent les intitulés."""
        return proposer_colonnes(self.grille.entetes, {}, admises=self.admises)

    def proposer(self, code: str, cle: str) -> Any:
        """La seule valeur que ce mot puisse dire ; None à choisir."""
        return self.noms.get(cle) if code == ESMS else proposer_lieu(cle)

    def a_taire(self, code: str, cellule: Cellule) -> bool:
        """Les numéros FINESS, et ce qui ressemble à un courriel."""
        return "@" in cellule.texte or (code == ESMS and expliquer(cellule.texte).numero is not None)

    def libelle(self, code: str) -> str:
        """Le nom d'une colonne attendue ; d'une liste, la dernière connexion."""
        source = source_de(self.correspondance)
        return NOM_DE_L_INSTANT.get(source, COLONNES[code]) if code == INSTANT else COLONNES[code]

    def dire_les_lignes(self) -> str:
        """Combien de lignes ont été lues, et où."""
        return f"d’après {accorde(len(self.grille.lignes), 'ligne')} prises tout au long du fichier"


class HorairesForm(GardeNir, forms.Form):
    """La consultation du CSE qui permet de compter par heure et par lieu."""

    cse_le = saisie_de_date(
        label="CSE consulté le", help_text="Rien d’avant cette date n’est lu par heure ou par lieu."
    )
    reference = forms.CharField(
        label="Référence",
        max_length=160,
        required=False,
        help_text="Procès-verbal, avis ; sans nommer personne.",
    )

    def clean_cse_le(self) -> date:
        """Ni à venir, ni d'un autre siècle."""
        jour: date = self.cleaned_data["cse_le"]
        if jour > timezone.localdate():
            raise forms.ValidationError(A_VENIR)
        if jour < timezone.localdate() - timedelta(days=20 * 366):
            raise forms.ValidationError("Cette date est trop ancienne : vérifiez l’année.")
        return jour
