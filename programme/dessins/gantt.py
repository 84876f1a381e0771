"""Le calendrier des vagues (Gantt) : des dates d'un ESMS à des segments, des segments à des barres. Module pur.

Trois couches : la référence (figée), ce qui est prévu (révisé, à défaut la référence), ce qui s'est passé. Un segment
dit des dates ; une barre, des pixels.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from programme.calculs.frise import A_LA_DATE, DatesEtape, ecart
from programme.dessins.echelle import Echelle
from programme.enums import FRISE_PARCOURS, EtatParcours
from programme.socle.dates import date_courte

REFERENCE, PREVUE, REELLE = "reference", "prevue", "reelle"
COUCHES = (REFERENCE, PREVUE, REELLE)
OUVRENT = (EtatParcours.PILOTE, EtatParcours.OUVERTURE, EtatParcours.SERVICE_REGULIER, EtatParcours.ROUTINE)
"""États où l'ESMS travaille dans le DUI : le premier atteint est son ouverture."""

HAUTEUR = 44
_PLEIN, _FIN = (8, 20), (32, 5)
"""Ordonnée et hauteur d'une barre, et du trait de référence dessous (pixels)."""
_LETTRE, _MARGE = 6.9, 14
"""Largeur moyenne d'une lettre à 13 px, et blanc autour d'un mot (pixels)."""
_LARGEUR_MINIMALE = 2


@dataclass(slots=True)
class Dates:
    """Les dates d'une étape, quand ce ne sont pas celles de la base telles quelles."""

    reference: date | None = None
    revisee: date | None = None
    reelle: date | None = None


def sans_suite(etapes: Mapping[str, DatesEtape]) -> dict[str, DatesEtape]:
    """Ce qu'on lit d'un ESMS suspendu ou sorti : ce qu'il a franchi, ses références ; plus rien n'est révisé."""
    return {etat: d if d.reelle else Dates(d.reference) for etat, d in etapes.items()}


@dataclass(frozen=True, slots=True)
class Trajet:
    """Un ESMS, réduit à ce que lit le dessin.

    `rang` : crans franchis (1 à 7). `absentes` : étapes qu'il ne traverse pas. `arret` : jour où il a été suspendu,
    ou est sorti du projet ; plus rien n'est alors prévu.
    """

    rang: int
    etapes: Mapping[str, DatesEtape]
    absentes: Collection[str] = ()
    arret: date | None = None

    @property
    def traversees(self) -> list[EtatParcours]:
        """Les étapes de ce parcours, dans l'ordre."""
        return [e for e in FRISE_PARCOURS if e not in self.absentes]

    def franchies(self) -> list[tuple[EtatParcours, date]]:
        """États atteints et leur date réelle, dans l'ordre."""
        return [(e, d.reelle) for e in FRISE_PARCOURS if (d := self.etapes.get(e)) and d.reelle]

    def references(self) -> list[tuple[EtatParcours, date]]:
        """États traversés qui ont une date de référence, dans l'ordre."""
        return [(e, d.reference) for e in self.traversees if (d := self.etapes.get(e)) and d.reference]

    def prevues(self) -> list[tuple[EtatParcours, date]]:
        """États encore à atteindre et leur date prévue, dans l'ordre ; rien pour qui est suspendu ou sorti."""
        rendu = []
        for etat in self.traversees if self.arret is None else ():
            dates = self.etapes.get(etat)
            devant = FRISE_PARCOURS.index(etat) >= self.rang and dates and not dates.reelle
            if devant and dates and (prevue := dates.revisee or dates.reference):
                rendu.append((etat, prevue))
        return rendu

    def ouvert_le(self) -> date | None:
        """Premier jour dans le DUI, s'il y travaille déjà."""
        return min((j for e, j in self.franchies() if e in OUVRENT), default=None)

    def jours(self) -> list[date]:
        """Toutes les dates connues."""
        toutes = [j for d in self.etapes.values() for j in (d.reference, d.revisee, d.reelle) if j]
        return [*toutes, *([self.arret] if self.arret else [])]


@dataclass(frozen=True, slots=True)
class Segment:
    """Une étape sur le calendrier ; `le` : sa date, telle qu'au tableau. `fin` nulle : un jalon.

    `genre` : `reference` ; `faite` et `en-cours` ; `reste` (de l'étape en cours), `prevue`, `glissee` (prévue plus tard
    que sa référence), `depassee` (la suite était prévue avant aujourd'hui). `glisse` : venue ou prévue en retard.
    """

    etat: str
    nom: str
    genre: str
    le: date
    debut: date
    fin: date | None
    glisse: bool = False
    ecart: str = ""


def en_retard(dates: DatesEtape | None) -> bool:
    """Vrai si l'étape est venue, ou est prévue, plus tard que sa référence (au-delà de « à la date »)."""
    if dates is None or dates.reference is None:
        return False
    jour = dates.reelle or dates.revisee
    return jour is not None and (jour - dates.reference).days > A_LA_DATE


def _segment(trajet: Trajet, etat: EtatParcours, genre: str, le: date, debut: date, fin: date | None) -> Segment:
    dates = trajet.etapes.get(etat)
    if genre in ("reference", "reste", "depassee") or dates is None:
        return Segment(etat.value, str(etat.label), genre, le, debut, fin)
    glisse, mot = en_retard(dates), ecart(dates.reelle or dates.revisee, dates.reference)
    genre = "glissee" if genre == "prevue" and glisse else genre
    return Segment(etat.value, str(etat.label), genre, le, debut, fin, glisse, mot)


def _reelles(trajet: Trajet, au: date) -> list[Segment]:
    franchies = trajet.franchies()
    fins = [*(jour for _, jour in franchies[1:]), trajet.arret or au]
    rendu = []
    for rang, ((etat, debut), fin) in enumerate(zip(franchies, fins, strict=False)):
        ici = rang + 1 == len(franchies) and trajet.arret is None
        rendu.append(_segment(trajet, etat, "en-cours" if ici else "faite", debut, debut, max(fin, debut)))
    return rendu


def _suite(trajet: Trajet, prevue: date, au: date) -> list[Segment]:
    """De l'étape où l'on est à la suivante : ce qu'il en reste, ou de combien la date est dépassée."""
    etat, depuis = trajet.franchies()[-1] if trajet.franchies() else (EtatParcours.RECENSE, None)
    if prevue < au:
        debut = max(prevue, depuis) if depuis else prevue
        return [_segment(trajet, etat, "depassee", prevue, debut, au)]
    if depuis and prevue > au:
        return [_segment(trajet, etat, "reste", depuis, max(au, depuis), prevue)]
    return []


def _prevues(trajet: Trajet, au: date) -> list[Segment]:
    """Le reste de l'étape en cours, puis les suivantes. Une étape dépassée part d'aujourd'hui ; en deçà, un jalon."""
    prevues = trajet.prevues()
    rendu = _suite(trajet, prevues[0][1], au) if prevues else []
    for rang, (etat, jour) in enumerate(prevues):
        suivante = prevues[rang + 1][1] if rang + 1 < len(prevues) else None
        debut = max(jour, au)
        if suivante and suivante > debut:
            rendu.append(_segment(trajet, etat, "prevue", jour, debut, suivante))
        else:
            rendu.append(_segment(trajet, etat, "prevue", jour, jour, None))
    return rendu


def _references(trajet: Trajet) -> list[Segment]:
    refs = trajet.references()
    rendu = []
    for rang, (etat, jour) in enumerate(refs):
        suivante = refs[rang + 1][1] if rang + 1 < len(refs) else None
        rendu.append(
            _segment(trajet, etat, "reference", jour, jour, suivante if suivante and suivante > jour else None)
        )
    return rendu


def segments(trajet: Trajet, au: date, couches: Collection[str] = COUCHES) -> list[Segment]:
    """Les segments d'un ESMS, dans les couches demandées : réel, prévu, référence."""
    rendu = _reelles(trajet, au) if REELLE in couches else []
    rendu += _prevues(trajet, au) if PREVUE in couches else []
    return rendu + (_references(trajet) if REFERENCE in couches else [])


def en_phrase(ses_segments: Iterable[Segment]) -> str:
    """Ce que dit le dessin à qui ne le voit pas : où l'on en est, puis ce qui vient."""
    morceaux = []
    for s in ses_segments:
        retard = f" ({s.ecart})" if s.glisse else ""
        phrase = {
            "faite": f"{s.nom} le {date_courte(s.le)}{retard}",
            "en-cours": f"{s.nom} depuis le {date_courte(s.le)}{retard}",
            "depassee": f"suite prévue le {date_courte(s.le)}, date dépassée",
            "prevue": f"{s.nom} prévu le {date_courte(s.le)}",
            "glissee": f"{s.nom} prévu le {date_courte(s.le)}{retard}",
        }.get(s.genre)
        morceaux += [phrase] if phrase else []
    return " ; ".join(morceaux) or "Aucune date."


# --- en pixels -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Barre:
    """Un segment posé sur l'axe (pixels). `mot` : ce qui tient dedans, ou à droite d'un jalon."""

    segment: Segment
    x: float
    y: int
    largeur: float
    hauteur: int
    mot: str = ""

    @property
    def est_jalon(self) -> bool:
        """Un losange plutôt qu'une barre."""
        return self.segment.fin is None

    @property
    def texte_x(self) -> float:
        """Abscisse du mot."""
        return round(self.x + (11 if self.est_jalon else 7), 1)

    @property
    def losange(self) -> str:
        """Les quatre pointes, autour de la date."""
        rayon, milieu = (6.0 if self.hauteur > _FIN[1] else 3.5), self.y + self.hauteur / 2
        x = self.x
        return f"{x},{milieu - rayon} {x + rayon:.1f},{milieu} {x},{milieu + rayon} {x - rayon:.1f},{milieu}"

    @property
    def coin(self) -> str:
        """Le coin qui dit qu'une étape a glissé : une forme, en plus de la couleur."""
        return f"{self.x},{self.y} {self.x + 10:.1f},{self.y} {self.x},{self.y + 10}"


def _mot(s: Segment, place: float) -> str:
    """Le plus long de ces mots qui tient ; rien s'il n'y en a pas."""
    if s.genre in ("reference", "reste"):
        return ""
    essais = ["date dépassée", "dépassée"] if s.genre == "depassee" else [s.nom]
    if s.glisse:
        essais.insert(0, f"{s.nom}, {s.ecart}")
    return next((e for e in essais if len(e) * _LETTRE + _MARGE <= place), "")


def barres(ses_segments: Iterable[Segment], echelle: Echelle) -> list[Barre]:
    """Pose les segments sur l'échelle, dans leur ordre."""
    liste, rendu = list(ses_segments), []
    for s in liste:
        x = echelle.x(s.debut)
        y, hauteur = _FIN if s.genre == "reference" else _PLEIN
        largeur = round(max(echelle.x(s.fin) - x, _LARGEUR_MINIMALE), 1) if s.fin else 0
        rendu.append(Barre(s, x, y, largeur, hauteur, _mot(s, _place(s, liste, echelle))))
    return rendu


def _place(s: Segment, liste: list[Segment], echelle: Echelle) -> float:
    """Pixels où écrire : la barre, et ce qu'il en reste ; à droite d'un jalon, jusqu'à ce qui suit."""
    if s.fin is None:
        suivants = [a.debut for a in liste if a.genre != "reference" and a is not s and a.debut >= s.debut]
        return echelle.x(min(suivants)) - echelle.x(s.debut) if suivants else echelle.largeur - echelle.x(s.debut)
    fin = next((a.fin for a in liste if s.genre == "en-cours" and a.genre == "reste" and a.fin), s.fin)
    return echelle.x(fin) - echelle.x(s.debut)


@dataclass(frozen=True, slots=True)
class MarqueConflit:
    """Ce qui occupe déjà l'ESMS, posé sur l'axe : `x`, `largeur` en pixels ; `mot` : ce que c'est, et quand."""

    x: float
    largeur: float
    mot: str


def conflits(periodes: Iterable[tuple[date, date, str]], echelle: Echelle) -> list[MarqueConflit]:
    """Pose des périodes (premier jour, dernier jour compris, mot) ; celles hors de l'échelle ne se dessinent pas."""
    visibles = [p for p in periodes if p[0] <= echelle.fin and p[1] >= echelle.debut]
    return [MarqueConflit(*_entre(echelle, debut, fin + timedelta(days=1)), mot) for debut, fin, mot in visibles]


# --- une vague -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fenetre:
    """Une vague : sa fenêtre prévue, et du premier au dernier ESMS ouvert."""

    debut: date | None
    fin: date | None
    premiere: date | None
    derniere: date | None
    nb_ouverts: int
    nb_esms: int

    @property
    def est_finie(self) -> bool:
        """Tous ont ouvert."""
        return 0 < self.nb_esms == self.nb_ouverts

    def deborde(self, au: date) -> bool:
        """Vrai si des ESMS ont ouvert, ou restent à ouvrir, après la fin prévue."""
        if self.fin is None or not self.nb_esms:
            return False
        return bool(self.derniere and self.derniere > self.fin) or (not self.est_finie and au > self.fin)


def fenetre(debut: date | None, fin: date | None, trajets: Collection[Trajet]) -> Fenetre:
    """Résume une vague."""
    ouverts = sorted(j for t in trajets if (j := t.ouvert_le()))
    premiere, derniere = (ouverts[0], ouverts[-1]) if ouverts else (None, None)
    return Fenetre(debut, fin, premiere, derniere, len(ouverts), len(trajets))


@dataclass(frozen=True, slots=True)
class Bande:
    """Une vague posée sur l'axe : (x, largeur) en pixels, là où l'on connaît les dates.

    `prevue` : la fenêtre. `reelle` : les ouvertures, jusqu'à aujourd'hui tant que tous n'ont pas ouvert.
    `debord` : ce qui dépasse la fin prévue.
    """

    prevue: tuple[float, float] | None
    reelle: tuple[float, float] | None
    debord: tuple[float, float] | None
    en_cours: bool


def _entre(echelle: Echelle, debut: date, fin: date) -> tuple[float, float]:
    x = echelle.x(debut)
    return x, round(max(echelle.x(fin) - x, _LARGEUR_MINIMALE), 1)


def bande(f: Fenetre, echelle: Echelle, au: date) -> Bande:
    """Pose une vague sur l'échelle ; une borne absente vaut le bord du dessin."""
    prevue = reelle = debord = None
    if f.debut or f.fin:
        prevue = _entre(echelle, f.debut or echelle.debut, f.fin or echelle.fin)
    if f.premiere and f.derniere:
        jusqu_a = f.derniere if f.est_finie else max(f.derniere, au)
        reelle = _entre(echelle, f.premiere, jusqu_a)
        if f.fin and f.deborde(au):
            debord = _entre(echelle, max(f.fin, f.premiere), jusqu_a)
    return Bande(prevue, reelle, debord, not f.est_finie)
