"""Ce que l'ESMS dit d'un chiffre : le retenir, garder l'ancien à côté quand il en vient un autre, ou y revenir."""

from dataclasses import dataclass
from decimal import Decimal

from programme.socle.nombres import nombre
from usages.calculs.controles import RAISON_DUE, sans_zeros
from usages.enums import Absence, Forme, Origine
from usages.models import Valeur
from usages.services.chiffres.feuilles import Feuille

DEJA_TRANSMIS = "Un chiffre transmis ne s'efface pas : corrigez-le, ou dites pourquoi il manque."
MOTIF_INCONNU = "Un chiffre manque parce qu'il n'est pas mesurable dans votre DUI, ou parce qu'il ne vous concerne pas."
NOMBRE_ET_MOTIF = "Donnez un nombre, ou dites pourquoi il manque : pas les deux."
SANS_RAPPORT = "Cet indicateur ne se rapporte à aucun autre nombre : laissez le second vide."
COMMUN = "Le nombre partagé dit {} : corrigez-le à sa place, il vaut pour tous les chiffres qui s'y rapportent."
UNE_PART = "Une part est un nombre : c'est du total qu'on dit pourquoi il manque."
UN_TEXTE = "Cet indicateur s'écrit en mots."
UN_NOMBRE = "Cet indicateur est un nombre."


@dataclass(frozen=True, slots=True)
class Saisie:
    """Ce que quelqu'un dit d'un chiffre : un nombre, un texte, ou pourquoi il manque ; tout vide, il redevient attendu.

    `cle` vide : le total. `commentaire`, None : tel qu'il est. `raison` : pourquoi on corrige un extrait, ou un
    transmis. `denominateur`, None : celui que l'indicateur partage. `vu` : le jeton de la page (`valeurs.jeton`).
    """

    indicateur: int
    cle: str = ""
    numerateur: Decimal | None = None
    denominateur: Decimal | None = None
    motif: str = ""
    texte: str = ""
    commentaire: str | None = None
    raison: str = ""
    origine: str = Origine.SAISI
    vu: str | None = None

    def __post_init__(self) -> None:
        for nom in ("numerateur", "denominateur"):
            lu = getattr(self, nom)
            if lu is not None and not isinstance(lu, Decimal):
                object.__setattr__(self, nom, Decimal(str(lu)))

    @property
    def est_vide(self) -> bool:
        """Vrai si elle ne répond rien."""
        return self.numerateur is None and not self.motif and not self.texte

    def redit(self, valeur: Valeur) -> bool:
        """Vrai si elle dit ce que la case dit déjà."""
        sur = valeur.denominateur if self.denominateur is None else self.denominateur
        pareil = (self.numerateur, sur, self.motif) == (valeur.numerateur, valeur.denominateur, valeur.motif)
        return pareil and self.texte == valeur.texte and self.commentaire in (None, valeur.commentaire)


def _faute_de_forme(feuille: Feuille, valeur: Valeur, saisie: Saisie) -> str:
    indicateur = valeur.indicateur
    if saisie.motif and saisie.motif not in Absence.values:
        return MOTIF_INCONNU
    if saisie.motif and (saisie.numerateur is not None or saisie.texte):
        return NOMBRE_ET_MOTIF
    if saisie.cle and (saisie.motif or saisie.texte):
        return UNE_PART
    if saisie.texte and indicateur.forme != Forme.TEXTE:
        return UN_NOMBRE
    if saisie.numerateur is not None and indicateur.forme == Forme.TEXTE:
        return UN_TEXTE
    if saisie.denominateur is not None:
        if indicateur.forme != Forme.RAPPORT and not indicateur.denominateur:
            return SANS_RAPPORT
        commun = feuille.commun(indicateur)
        if commun is not None and commun != saisie.denominateur:
            return COMMUN.format(nombre(sans_zeros(commun)))
    return ""


def retenir(feuille: Feuille, valeur: Valeur, saisie: Saisie) -> list[str]:
    """Pose la saisie dans la case ; rend ce qui s'y oppose, et n'y touche alors pas."""
    if faute := _faute_de_forme(feuille, valeur, saisie):
        return [faute]
    if saisie.commentaire is not None:
        valeur.commentaire = saisie.commentaire
    if saisie.redit(valeur):
        valeur.raison = saisie.raison or valeur.raison
        return []
    compte = feuille.releve.est_compte
    if saisie.est_vide:
        if compte:
            return [DEJA_TRANSMIS]
        _revenir(valeur)
        return []
    num = saisie.numerateur
    sur = None
    if num is not None:
        sur = saisie.denominateur if saisie.denominateur is not None else feuille.commun(valeur.indicateur)
    extraite = (valeur.extraite_numerateur, valeur.extraite_denominateur)
    if valeur.extraite_numerateur is not None and (num, sur) == extraite:
        _revenir(valeur)
        return []
    if _vient_d_ailleurs(valeur) or compte and valeur.est_repondue:
        if not saisie.raison and not valeur.raison:
            return [RAISON_DUE]
        if valeur.extraite_numerateur is None:
            valeur.extraite_numerateur, valeur.extraite_denominateur = valeur.numerateur, valeur.denominateur
    valeur.numerateur, valeur.denominateur = num, sur
    valeur.motif, valeur.texte, valeur.origine = saisie.motif, saisie.texte, saisie.origine
    valeur.raison = saisie.raison or valeur.raison
    return []


def _vient_d_ailleurs(valeur: Valeur) -> bool:
    """Vrai si un calcul ou un fichier a donné ce nombre, retenu ou à côté."""
    if valeur.extraite_numerateur is not None:
        return True
    return valeur.numerateur is not None and valeur.origine in (Origine.CALCULE, Origine.IMPORTE)


def _revenir(valeur: Valeur) -> None:
    """À ce qui avait été extrait ; à rien, s'il n'y a rien eu."""
    if valeur.extraite_numerateur is None and _vient_d_ailleurs(valeur):
        return  # Effacer une case calculée la laisse telle que le calcul l'a dite.
    propre = valeur.indicateur.origine
    valeur.origine = propre if valeur.extraite_numerateur is not None else ""
    valeur.numerateur, valeur.denominateur = valeur.extraite_numerateur, valeur.extraite_denominateur
    valeur.extraite_numerateur = valeur.extraite_denominateur = None
    valeur.motif = valeur.texte = valeur.raison = ""
