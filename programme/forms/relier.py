"""Les pages qui relient un fichier : où le lire, ses colonnes, ses mots, et ce qu'on en retient.

Un genre d'import dit ce qu'il attend (`ImportRelie`) ; la page, elle, est la même.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms

from programme.forms.champs import GardeNir
from programme.services.correspondances import Chez
from programme.socle.classeur import Cellule
from programme.socle.grilles import Classeur, Grille, Lecture
from programme.socle.imports_relies import import_relie
from programme.socle.liaisons import ESMS, Choix, Reglages, Rencontre, rangs
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde
from programme.socle.texte import normaliser

EXEMPLES = 3
MOTS_MAXIMAUX = 150
TROP_DE_MOTS = "« {} » : plus de {} mots à relier, est-ce la bonne colonne ?"
SEPARATEURS_DITS = [("", "Deviné"), (";", "Point-virgule"), ("\t", "Tabulation"), (",", "Virgule"), ("|", "Barre")]


class LectureForm(forms.Form):
    """Où lire dans le fichier, et avec quel séparateur si c'est un CSV."""

    feuille = forms.ChoiceField(label="Feuille")
    ligne_entete = forms.IntegerField(label="Première ligne d’en-tête", min_value=1, max_value=5000)
    nb_entetes = forms.TypedChoiceField(
        label="Lignes d’en-tête", choices=[(1, "Une"), (2, "Deux"), (3, "Trois")], coerce=int
    )
    separateur = forms.ChoiceField(label="Séparateur", choices=SEPARATEURS_DITS, required=False)

    def __init__(self, donnees: Any = None, *, classeur: Classeur, lecture: Lecture) -> None:
        super().__init__(donnees, initial=lecture.en_json())
        feuille: Any = self.fields["feuille"]
        feuille.choices = [(f.nom, f"{f.nom} (cachée)" if f.cachee else f.nom) for f in classeur.feuilles]
        if not classeur.pages[0].separateur:
            del self.fields["separateur"]

    def lecture(self) -> Lecture:
        """Ce qui a été choisi."""
        return Lecture.depuis_json(self.cleaned_data)


class LiaisonForm(GardeNir, forms.Form):
    """Chaque colonne du fichier et ce que Treille en fait ; chaque mot et ce qu'il veut dire.

    À redéfinir : ce que les mots peuvent vouloir dire (`offrir`), ce qu'on en devine (`proposer`), ceux qu'on ne montre
    pas (`a_taire`). `sans_choix` : ce que veut dire un mot laissé vide, par colonne. `autres` : les choix du bas.
    """

    gabarit = "programme/fragments/relier_colonnes.html"
    lignes_lues: ClassVar[int | None] = None
    """Où s'arrête la recherche des mots."""
    sans_choix: ClassVar[Mapping[str, str]] = {}
    autres: ClassVar[Mapping[str, list[tuple[str, str]]]] = {}

    nom = forms.CharField(label="Nom de la correspondance", max_length=120)
    code = forms.SlugField(
        label="Code",
        max_length=60,
        help_text="Lettres, chiffres et tirets : il sert à la ligne de commande.",
        error_messages={"invalid": "Des lettres sans accents, des chiffres et des tirets seulement."},
    )

    def __init__(
        self,
        donnees: Any = None,
        *,
        correspondance: Correspondance,
        grille: Grille,
        lecture: Lecture,
        portee: Any = None,
    ) -> None:
        self.import_ = import_relie(correspondance.genre)
        self.attendues = self.import_.attendues
        self.grille, self.lecture_choisie, self.correspondance = grille, lecture, correspondance
        self.portee = portee
        self.choix = self.offrir()
        self.en_trop: list[str] = []
        self.ecrits: dict[tuple[str, str], str] = {}
        super().__init__(donnees, initial={"nom": correspondance.nom, "code": correspondance.code})
        self.colonnes_lues = [(rang, entete) for rang, entete in enumerate(grille.entetes) if entete]
        devinees = self._colonnes_de_depart()
        for rang, entete in self.colonnes_lues:
            self.fields[f"colonne_{rang}"] = forms.ChoiceField(
                label=entete, choices=self.choix_de_colonne(), required=False, initial=devinees.get(rang, "")
            )
        self.mots = self.rencontrer(self._colonnes_choisies(devinees))
        for code, rencontres in self.mots.items():
            for rang, (cle, rencontre) in enumerate(rencontres.items()):
                self._ajouter_le_mot(f"mot_{code}_{rang}", code, cle, rencontre)

    # --- ce que dit chaque genre d'import ----------------------------------------------------------------------------

    def offrir(self) -> dict[str, list[Choix]]:
        """Colonne à mots → ce que ses mots peuvent vouloir dire ici."""
        return {}

    def proposer(self, code: str, cle: str) -> Any:
        """La valeur que dit ce mot ; None, à défaut : à choisir."""
        return None

    def a_taire(self, code: str, cellule: Cellule) -> bool:
        """Vrai pour un mot qui se comprend sans être montré, ou qu'on ne montre pas."""
        return False

    def choix_de_colonne(self) -> list[Any]:
        """Les colonnes attendues, à proposer devant chacune de celles du fichier."""
        return [("", "Ne pas reprendre"), *((code, self.libelle(code)) for code in self.attendues)]

    def deviner(self) -> dict[int, str]:
        """Rang de colonne → code, pour ce qui est clair."""
        return self.import_.proposer(self.grille)

    def rencontrer(self, colonnes: dict[str, str]) -> dict[str, dict[str, Rencontre]]:
        """Code d'une colonne à mots → {mot normalisé → rencontre}. `colonnes` : intitulé normalisé → code."""
        rendu = {}
        for code, rang in rangs(self.grille.entetes, colonnes, self.attendues).items():
            if code not in self.import_.a_mots:
                continue
            mots = self._mots(code, rang)
            clairs = {cle for cle in mots if self.proposer(code, cle)}
            if len(mots) - len(clairs) > MOTS_MAXIMAUX:
                self.en_trop.append(code)
            # Ce qui reste à dire d'abord : le reste se comprend sans être montré.
            rendu[code] = {cle: mots[cle] for cle in sorted(mots, key=clairs.__contains__)[:MOTS_MAXIMAUX]}
        return rendu

    def _mots(self, code: str, rang: int) -> dict[str, Rencontre]:
        lus: dict[str, tuple[Cellule, int]] = {}
        for ligne in self.grille.lignes[: self.lignes_lues]:
            case = ligne.cellules[rang]
            if case.texte and not case.est_formule:
                premiere, nombre = lus.get(case.texte, (case, 0))
                lus[case.texte] = premiere, nombre + 1
        rendu: dict[str, Rencontre] = {}
        for texte, (case, nombre) in lus.items():
            if not (cle := normaliser(texte)) or self.a_taire(code, case):
                continue
            self.ecrits.setdefault((code, cle), texte)
            deja = rendu.get(cle, Rencontre(texte[:60], 0, case.place))
            rendu[cle] = Rencontre(deja.mot, deja.nombre + nombre, deja.place)
        return rendu

    def choix_de_mot(self, code: str, initial: str) -> list[tuple[str, str]]:
        """Ce qu'un mot de cette colonne peut vouloir dire."""
        offres = [(c.cle, f"{c.libelle} ({c.cle})" if code == ESMS else c.libelle) for c in self.choix[code]]
        autres = self.autres.get(code, [])
        partie = initial and initial not in {cle for cle, _ in [*offres, *autres]}
        sans = ("", self.sans_choix.get(code, "À choisir"))
        return [sans, *offres, *([(initial, initial)] if partie else []), *autres]

    def en_choix(self, valeur: Any) -> str:
        """Une valeur retenue, telle que le choix la propose."""
        return "" if valeur is None else str(valeur)

    def en_valeur(self, code: str, choisi: str) -> Any:
        """Un choix, tel qu'on le retient ; laissé vide, la ligne qui porte ce mot sera une faute de l'aperçu."""
        return choisi or None

    def libelle(self, code: str) -> str:
        """Le nom d'une colonne attendue."""
        return str(self.attendues[code])

    def controler(self, reglages: Reglages) -> list[str]:
        """Ce qui empêcherait de lire : l'indispensable relié, rien deux fois, pas de colonne prise pour une autre."""
        trop = [TROP_DE_MOTS.format(self.libelle(code), MOTS_MAXIMAUX) for code in self.en_trop]
        return self.import_.controler(self.grille, reglages.colonnes) + trop

    # -----------------------------------------------------------------------------------------------------------------

    def _colonnes_de_depart(self) -> dict[int, str]:
        """Ce que dit la correspondance ; pour une colonne qu'elle n'a jamais vue, ce que Treille devine."""
        connues = {normaliser(e) for e in self.correspondance.options.get("entetes", [])}
        devinees = self.deviner()
        rendu = {}
        for rang, entete in self.colonnes_lues:
            cle = normaliser(entete)
            rendu[rang] = self.correspondance.colonnes.get(cle) or ("" if cle in connues else devinees.get(rang, ""))
        deja: set[str] = set()
        for rang, code in rendu.items():
            rendu[rang] = "" if code in deja else code
            deja.add(code)
        return rendu

    def _colonnes_choisies(self, devinees: dict[int, str]) -> dict[str, str]:
        lus = (
            {rang: self.data.get(f"colonne_{rang}", "") for rang, _ in self.colonnes_lues}
            if self.is_bound
            else devinees
        )
        return {
            normaliser(e): code for rang, e in self.colonnes_lues if (code := lus.get(rang) or "") in self.attendues
        }

    def _ajouter_le_mot(self, nom: str, code: str, cle: str, rencontre: Rencontre) -> None:
        """Pré-rempli quand c'est sûr ou déjà dit ; vide quand c'est ambigu : à la personne de choisir."""
        retenus = self.correspondance.valeurs.get(code, {})
        valeur = retenus[cle] if retenus.get(cle) is not None else self.proposer(code, cle)
        initial = self.en_choix(valeur)
        self.fields[nom] = forms.ChoiceField(
            label=f"« {rencontre.mot} »" if cle else "case vide",
            choices=self.choix_de_mot(code, initial),
            initial=initial,
            required=False,
        )
        # Un mot que la page d'avant ne montrait pas, parce que sa colonne vient d'être reliée : ce qui est sûr suffit.
        if self.is_bound and nom not in self.data and initial:
            donnees: Any = self.data
            donnees = donnees.copy()
            donnees[nom] = initial
            self.data = donnees

    # --- ce que montre la page -------------------------------------------------------------------------------------

    def lignes_de_colonnes(self) -> Iterator[dict[str, Any]]:
        """Une ligne par colonne du classeur : l'intitulé, trois valeurs lues, le choix."""
        for rang, entete in self.colonnes_lues:
            valeurs = dict.fromkeys(t for ligne in self.grille.lignes if (t := _texte(ligne.cellules[rang])))
            yield {"entete": entete, "exemples": list(valeurs)[:EXEMPLES], "champ": self[f"colonne_{rang}"]}

    def lignes_de_mots(self) -> Iterator[dict[str, Any]]:
        """Par colonne à mots : son intitulé et ses mots, ceux qui restent à choisir d'abord."""
        for code, rencontres in self.mots.items():
            lignes: list[dict[str, Any]] = [
                {"rencontre": rencontre, "champ": self[f"mot_{code}_{rang}"]}
                for rang, rencontre in enumerate(rencontres.values())
            ]
            lignes.sort(key=lambda ligne: bool(ligne["champ"].initial))
            a_choisir = sum(not ligne["champ"].initial or bool(ligne["champ"].errors) for ligne in lignes)
            if lignes:
                yield {"libelle": self.libelle(code), "lignes": lignes, "a_choisir": a_choisir}

    def resume(self, depot: Any, chez: Chez) -> str:
        """Ce qui a été lu et compris, en une phrase."""
        ambigus = f", {accorde(self.nb_ambigus, 'mot à préciser,mots à préciser')}" if self.nb_ambigus else ""
        comprises = accorde(self.nb_reprises, "colonne comprise,colonnes comprises")
        return (
            f"{depot.nom_fichier} : {self.dire_les_lignes()}, {comprises} sur {len(self.colonnes_lues)}{ambigus}. "
            f"Relisez, corrigez : c’est retenu pour {chez.pour_qui}."
        )

    def dire_les_lignes(self) -> str:
        """Combien de lignes ont été lues."""
        return accorde(len(self.grille.lignes), "ligne lue,lignes lues")

    @property
    def nb_points(self) -> int:
        """Nombre de phrases à corriger."""
        return sum(len(phrases) for phrases in self.errors.values())

    @property
    def nb_ambigus(self) -> int:
        """Mots que Treille n'a pas su comprendre seule."""
        return sum(not champ.initial for nom, champ in self.fields.items() if nom.startswith("mot_"))

    @property
    def nb_reprises(self) -> int:
        """Colonnes que Treille reprendrait d'elle-même."""
        return sum(bool(champ.initial) for nom, champ in self.fields.items() if nom.startswith("colonne_"))

    # --- ce qu'on en retient ---------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Aucune faute de structure : l'indispensable relié, rien de relié deux fois."""
        champs = super().clean() or self.cleaned_data
        if not self.errors:
            for phrase in self.controler(self.reglages()):
                self.add_error(None, phrase)
        return champs

    def parametres(self) -> dict[str, Any]:
        """Ce que l'aperçu doit savoir de plus."""
        return {}

    def reglages(self) -> Reglages:
        """Ce que la correspondance retiendra."""
        champs = self.cleaned_data
        colonnes = {normaliser(e): code for rang, e in self.colonnes_lues if (code := champs.get(f"colonne_{rang}"))}
        valeurs: dict[str, dict[str, Any]] = {}
        mots: dict[str, dict[str, str]] = {}
        for code, rencontres in self.mots.items():
            retenus = dict(self.correspondance.valeurs.get(code, {}))
            for rang, cle in enumerate(rencontres):
                retenus[cle] = self.en_valeur(code, champs[f"mot_{code}_{rang}"])
            valeurs[code] = retenus
            anciens = self.correspondance.options.get("mots", {}).get(code, {})
            mots[code] = anciens | {cle: rencontre.mot for cle, rencontre in rencontres.items()}
        return Reglages(self.lecture_choisie.en_json(), colonnes, valeurs, self.grille.entetes, mots)


def _texte(cellule: Any) -> str:
    """Une valeur telle qu'on la lit dans le classeur, abrégée."""
    if hasattr(cellule.valeur, "strftime"):
        return f"{cellule.valeur:%d/%m/%Y}"
    return cellule.texte[:40]
