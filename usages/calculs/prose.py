r"""Une prose simple, tapée dans un champ texte, lue en blocs. Module pur ; les rendus sont dans `rendus_prose`.

Ce qu'on tape, une ligne vide entre deux paragraphes :

- `## Titre` et `### Sous-titre` (un `#` suivi d'un blanc vaut `##` ; au-delà de trois, `###`) ;
- `- un point` (ou `*`, `•`, `–`) et `1. un point` (ou `1)`) : une liste ; une ligne en retrait continue le point ;
- `> ce qui a été dit`, puis `> — une éducatrice` (ou `— une éducatrice` à la ligne) : une citation, et qui parle ;
- `!!! Focus sur…`, puis des paragraphes, des listes, des citations ; `!!!` seul, un titre ou la fin ferment l'encadré ;
- `**gras**`, `*italique*`, l'italique pouvant aller dans le gras ; au milieu d'un mot, une étoile reste une étoile ;
- une fin de ligne reste une fin de ligne, dans un paragraphe, une citation ou un point ;
- `\` devant un de ces signes en début de ligne, ou devant une étoile, le rend à lui-même ;
- tout le reste est du texte : une balise, `#import`, `{{ }}` s'impriment tels quels. Rien n'est jamais une faute.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from programme.socle.texte import nettoyer

SECTION, SOUS_SECTION = 1, 2
"""Les deux niveaux de titre."""
_MARQUES = {SECTION: "##", SOUS_SECTION: "###"}

_TITRE = re.compile(r"(#{2,6})(?!#)\s*(\S.*)|(#)\s+(\S.*)", re.DOTALL)
_PUCE = re.compile(r"[-*•–]\s+(\S.*)", re.DOTALL)
_NUMERO = re.compile(r"([0-9]{1,2})[.)]\s+(\S.*)", re.DOTALL)
_CITEE = re.compile(r">\s*(\S.*)", re.DOTALL)
_QUI = re.compile(r"(?:—|–|--)\s*(\S.*)", re.DOTALL)
_QUI_A_LA_LIGNE = re.compile(r"—\s*(\S.*)", re.DOTALL)
_ENCADRE = re.compile(r"!!!(?!!)\s*(\S.*)", re.DOTALL)
_FERME = "!!!"
_SIGNE = r"\\*(?:#{2,}|#[^\S\n]|>|!!!|[-*•][^\S\n]|[0-9]{1,2}[.)][^\S\n]|[—–]|--)"
_RENDU_A_LUI_MEME = re.compile(rf"\A\\(?={_SIGNE})")
_A_PROTEGER = re.compile(rf"^(?={_SIGNE})", re.MULTILINE)

# Possessifs : une étoile qui ne se ferme pas ne fait jamais relire deux fois la suite.
_DEDANS = r"(?:[^*\\]|\\\*|\\(?!\*))"
_ITALIQUE = rf"\*(?=[^\s*]){_DEDANS}++(?<!\s)\*"
_GRAS = rf"\*\*(?=\S)(?:{_DEDANS}|{_ITALIQUE}(?!\w))++(?<!\s)\*\*"
_ACCENT = re.compile(rf"\\\*|(?<![\w*])(?:(?P<gras>{_GRAS})|(?P<italique>{_ITALIQUE}))(?![\w*])")


@dataclass(frozen=True, slots=True)
class Segment:
    """Un morceau de texte d'un seul tenant ; `\\n` y est une fin de ligne voulue."""

    texte: str
    gras: bool = False
    italique: bool = False


Texte = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Titre:
    """Un titre, de `SECTION` ou de `SOUS_SECTION`."""

    niveau: int
    texte: Texte


@dataclass(frozen=True, slots=True)
class Paragraphe:
    """Un paragraphe."""

    texte: Texte


@dataclass(frozen=True, slots=True)
class Liste:
    """Une liste ; `depart` : le premier numéro d'une liste numérotée, None pour des puces."""

    points: tuple[Texte, ...]
    depart: int | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Ce qui a été dit, et qui parle (un rôle) ; `qui` est vide si ce n'est pas écrit."""

    texte: Texte
    qui: str = ""


@dataclass(frozen=True, slots=True)
class Encadre:
    """Un focus, un zoom : un titre, et des paragraphes, listes et citations."""

    titre: Texte
    blocs: tuple["Paragraphe | Liste | Citation", ...]


Interieur = Paragraphe | Liste | Citation
Bloc = Titre | Interieur | Encadre


def lire(texte: str) -> tuple[Bloc, ...]:
    """Les blocs d'un texte ; vide pour un texte vide."""
    return _Lecture(nettoyer(texte).split("\n")).blocs()


def en_texte(blocs: Iterable[Bloc]) -> str:
    """De quoi retaper ces blocs : relu, il les redonne. Rien n'est protégé d'un `\\` sans nécessité."""
    return "\n\n".join(_ecrire(bloc) for bloc in blocs)


def sans_accent(texte: Texte) -> str:
    """Le texte seul, sans gras ni italique."""
    return "".join(segment.texte for segment in texte)


def texte_nu(bloc: Bloc) -> str:
    """Ce qu'un bloc dit, sans un signe de mise en forme : de quoi y chercher un passage, ou le comparer."""
    if isinstance(bloc, Liste):
        return "\n".join(sans_accent(point) for point in bloc.points)
    if isinstance(bloc, Citation):
        return sans_accent(bloc.texte) + (f"\n— {bloc.qui}" if bloc.qui else "")
    if isinstance(bloc, Encadre):
        return "\n".join([sans_accent(bloc.titre), *(texte_nu(dedans) for dedans in bloc.blocs)])
    return sans_accent(bloc.texte)


def textes_nus(blocs: Iterable[Bloc]) -> tuple[str, ...]:
    """Un texte nu par bloc, dans l'ordre : ce que lisent `passages_cites` et `ecritures_croisees`."""
    return tuple(texte_nu(bloc) for bloc in blocs)


@dataclass(slots=True)
class _Lecture:
    """Une lecture ligne à ligne, sans retour en arrière."""

    lignes: Sequence[str]
    rang: int = 0
    lus: list[Bloc] = field(default_factory=list)
    titre_ouvert: Texte | None = None
    dedans: list[Interieur] = field(default_factory=list)

    def blocs(self) -> tuple[Bloc, ...]:
        while self.rang < len(self.lignes):
            nue = self._nue()
            if not nue:
                self.rang += 1
            elif nue == _FERME and self.titre_ouvert is not None:
                self._fermer()
                self.rang += 1
            elif lu := _ENCADRE.fullmatch(nue):
                self._fermer()
                self.titre_ouvert = _segments([lu[1]])
                self.rang += 1
            elif lu := _TITRE.fullmatch(nue):
                self._fermer()
                niveau = SOUS_SECTION if len(lu[1] or lu[3]) > 2 else SECTION
                self.lus.append(Titre(niveau, _segments([lu[2] or lu[4]])))
                self.rang += 1
            else:
                self._ranger(self._interieur(nue))
        self._fermer()
        return tuple(self.lus)

    def _nue(self, ecart: int = 0) -> str:
        rang = self.rang + ecart
        return self.lignes[rang].strip() if rang < len(self.lignes) else ""

    def _ranger(self, bloc: Interieur) -> None:
        if self.titre_ouvert is None:
            self.lus.append(bloc)
        else:
            self.dedans.append(bloc)

    def _fermer(self) -> None:
        if self.titre_ouvert is not None:
            self.lus.append(Encadre(self.titre_ouvert, tuple(self.dedans)))
        self.titre_ouvert, self.dedans = None, []

    def _interieur(self, nue: str) -> Interieur:
        if _PUCE.fullmatch(nue):
            return Liste(self._points(_PUCE))
        if lu := _NUMERO.fullmatch(nue):
            return Liste(self._points(_NUMERO), depart=int(lu[1]))
        if _CITEE.fullmatch(nue):
            return self._citation()
        lignes = [nue]
        self.rang += 1
        while (nue := self._nue()) and not self._commence(nue):
            lignes.append(nue)
            self.rang += 1
        return Paragraphe(_segments(lignes))

    def _commence(self, nue: str) -> bool:
        if nue == _FERME:
            return self.titre_ouvert is not None
        return any(motif.fullmatch(nue) for motif in (_ENCADRE, _TITRE, _PUCE, _NUMERO, _CITEE))

    def _points(self, motif: re.Pattern[str]) -> tuple[Texte, ...]:
        """Les points d'une liste ; une ligne vide entre deux points ne la coupe pas."""
        points: list[list[str]] = []
        while self.rang < len(self.lignes):
            nue = self._nue()
            if lu := motif.fullmatch(nue):
                points.append([lu[lu.lastindex or 1]])
            elif not nue:
                suite = next((e for e in range(1, len(self.lignes) - self.rang) if self._nue(e)), 0)
                if not (suite and motif.fullmatch(self._nue(suite))):
                    break
                self.rang += suite - 1
            elif self.lignes[self.rang][0].isspace() and not self._commence(nue):
                points[-1].append(nue)
            else:
                break
            self.rang += 1
        return tuple(_segments(point) for point in points)

    def _citation(self) -> Citation:
        lignes: list[str] = []
        qui = ""
        while not qui and (nue := self._nue()):
            if lu := _CITEE.fullmatch(nue):
                parle = _QUI.fullmatch(lu[1]) if lignes else None
                if parle:
                    qui = parle[1]
                else:
                    lignes.append(lu[1])
            elif parle := _QUI_A_LA_LIGNE.fullmatch(nue):
                qui = parle[1]
            elif nue != ">":
                break
            self.rang += 1
        return Citation(_segments(lignes), qui)


def _segments(lignes: Iterable[str]) -> Texte:
    return _accentuer("\n".join(_RENDU_A_LUI_MEME.sub("", ligne) for ligne in lignes))


def _accentuer(texte: str, *, gras: bool = False) -> Texte:
    """Le gras et l'italique d'un texte ; deux morceaux pareils qui se touchent n'en font qu'un."""
    segments: list[Segment] = []
    fin = 0
    for lu in _ACCENT.finditer(texte):
        segments.append(Segment(texte[fin : lu.start()], gras))
        if lu["gras"] and not gras:
            segments.extend(_accentuer(lu["gras"][2:-2], gras=True))
        elif lu["italique"]:
            segments.append(Segment(lu["italique"][1:-1].replace("\\*", "*"), gras, italique=True))
        else:
            segments.append(Segment(lu[0] if lu["gras"] else "*", gras))
        fin = lu.end()
    segments.append(Segment(texte[fin:], gras))
    reunis: list[Segment] = []
    for segment in segments:
        if reunis and (reunis[-1].gras, reunis[-1].italique) == (segment.gras, segment.italique):
            reunis[-1] = Segment(reunis[-1].texte + segment.texte, segment.gras, segment.italique)
        elif segment.texte:
            reunis.append(segment)
    return tuple(reunis)


def _ecrire(bloc: Bloc) -> str:
    if isinstance(bloc, Encadre):
        titre = _taper(bloc.titre, proteger=_segments([_taper(bloc.titre, proteger=False)]) != bloc.titre)
        return "\n\n".join([f"{_FERME} {titre}", *(_ecrire(dedans) for dedans in bloc.blocs), _FERME])
    simple = _mettre(bloc, proteger=False)
    # Relu là où un signe compte le plus : dans un encadré, « !!! » seul le fermerait.
    if isinstance(bloc, Titre):
        relu = lire(simple) == (bloc,)
    else:
        relu = lire(f"!!! x\n{simple}\n{_FERME}") == (Encadre((Segment("x"),), (bloc,)),)
    return simple if relu else _mettre(bloc, proteger=True)


def _mettre(bloc: Titre | Interieur, *, proteger: bool) -> str:
    if isinstance(bloc, Titre):
        return f"{_MARQUES[bloc.niveau]} {_taper(bloc.texte, proteger=proteger)}"
    if isinstance(bloc, Liste):
        points = [_taper(point, proteger=proteger).replace("\n", "\n  ") for point in bloc.points]
        if bloc.depart is None:
            return "\n".join(f"- {point}" for point in points)
        # Deux chiffres au plus se relisent : au-delà, le numéro ne compte plus, la liste se suit.
        return "\n".join(f"{min(bloc.depart + n, 99)}. {point}" for n, point in enumerate(points))
    if isinstance(bloc, Citation):
        lignes = _taper(bloc.texte, proteger=proteger).split("\n") + ([f"— {bloc.qui}"] if bloc.qui else [])
        return "\n".join(f"> {ligne}" for ligne in lignes)
    return _taper(bloc.texte, proteger=proteger)


def _taper(texte: Texte, *, proteger: bool) -> str:
    """Un texte et ses étoiles ; protégé, chaque étoile écrite et chaque signe de début de ligne le sont."""
    tape = ""
    en_gras = False
    for segment in texte:
        if segment.gras != en_gras:
            tape, en_gras = f"{tape}**", segment.gras
        ecrit = segment.texte.replace("*", "\\*") if proteger or segment.italique else segment.texte
        tape += f"*{ecrit}*" if segment.italique else ecrit
    tape += "**" if en_gras else ""
    return _A_PROTEGER.sub(r"\\", tape) if proteger else tape
