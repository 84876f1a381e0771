"""Le dessin d'une machine à états, en SVG écrit ici : une frise de gauche à droite, le reste dessous.

Sous la frise, une ligne par transition de côté, lue comme un plan de métro : un point plein à chaque départ, un rond
à chaque arrivée possible, une flèche vers l'état de côté. Les couleurs sont celles des jetons du produit.
"""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from programme.socle.etats import Fleche, Machine

PAS, LARGEUR, HAUTEUR = 130, 108, 46
MARGE, RANGEE, ENTRE = 26, 36, 26
SAUT = 34
_JETON = re.compile(r"--t-([a-z]+-?\d*):\s*(#[0-9a-f]{6})")
_PALIERS = (("vigne-50", "encre"), ("chaleur-1", "encre"), ("chaleur-2", "encre"), ("chaleur-3", "encre"))


def lire_couleurs(feuille: str) -> dict[str, str]:
    """Couleurs nommées de la feuille de jetons ; la première définition l'emporte (ensuite : contraste renforcé)."""
    couleurs: dict[str, str] = {}
    for nom, valeur in _JETON.findall(feuille):
        couleurs.setdefault(nom, valeur)
    return couleurs


def dessiner(machine: Machine, couleurs: dict[str, str]) -> str:
    """Le SVG d'une machine, prêt à écrire dans un fichier."""
    return _Dessin(machine, couleurs).rendre()


class _Dessin:
    def __init__(self, machine: Machine, couleurs: dict[str, str]) -> None:
        self.machine, self.couleurs = machine, couleurs
        self.x = {etat: MARGE + LARGEUR // 2 + rang * PAS for rang, etat in enumerate(machine.frise)}
        self.x_cote = MARGE + LARGEUR // 2 + len(machine.frise) * PAS
        self.sauts = [f for f in self._qui_avancent() if self._ecart(f) > 1]
        self.y = MARGE + 26 + SAUT * max((self._ecart(f) for f in self.sauts), default=0)
        self.bas = self.y + HAUTEUR
        self.elements: list[str] = []

    def rendre(self) -> str:
        """Assemble le dessin : les lignes d'abord, les états par-dessus."""
        fin = self._dessous()
        self._avances()
        for rang, etat in enumerate(self.machine.frise):
            fond, encre = self._palier(rang)
            self._boite(etat, self.x[etat], self.y, HAUTEUR, fond, "vigne-600", encre)
        self._legende(fin)
        hauteur = fin + 50
        largeur = self.x_cote + LARGEUR // 2 + MARGE if self.machine.de_cote else self.x_cote - PAS + 75
        nom = str(self.machine.modele._meta.verbose_name)
        titre = f"Machine à états : {nom}"
        chemin = ", ".join(self.machine.noms[e] for e in self.machine.frise)
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {largeur} {hauteur}" width="{largeur}" '
                f'height="{hauteur}" role="img" aria-labelledby="titre detail" '
                'font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, Arial, sans-serif">',
                f'<title id="titre">{escape(titre)}</title>',
                f'<desc id="detail">{escape(f"La frise avance par : {chemin}. Le tableau qui suit dit tout.")}</desc>',
                f'<rect x="0.5" y="0.5" width="{largeur - 1}" height="{hauteur - 1}" rx="10" '
                f'fill="{self._c("feuille")}" stroke="{self._c("pierre-200")}"/>',
                *self.elements,
                "</svg>",
                "",
            ]
        )

    # --- lecture ---

    def _c(self, nom: str) -> str:
        return self.couleurs[nom]

    def _qui_avancent(self) -> list[Fleche]:
        dedans = self.machine.frise
        return [f for f in self.machine.fleches if f.fixe and f.depart in dedans and f.arrivees[0] in dedans]

    def _ecart(self, fleche: Fleche) -> int:
        return self.machine.frise.index(fleche.arrivees[0]) - self.machine.frise.index(fleche.depart)

    def _palier(self, rang: int) -> tuple[str, str]:
        dernier = len(self.machine.frise) - 1
        return ("vigne-700", "feuille") if rang == dernier else _PALIERS[rang * len(_PALIERS) // dernier]

    def _rangees(self) -> list[tuple[str | None, list[str]]]:
        """Transitions de côté, groupées par l'état de côté qu'elles touchent ; sans état : celles qui restent."""
        avancent = {f.transition for f in self._qui_avancent()}
        groupes: dict[str | None, list[str]] = {None: [], **{etat: [] for etat in self.machine.de_cote}}
        for nom in self.machine.transitions:
            if nom not in avancent:
                fleches = self.machine.de(nom)
                vers = {f.arrivees[0] for f in fleches if f.fixe} & set(self.machine.de_cote)
                depuis = [f.depart for f in fleches if f.depart in self.machine.de_cote]
                groupes[next(iter(vers), depuis[0] if depuis else None)].append(nom)
        return [(etat, noms) for etat, noms in groupes.items() if noms]

    # --- tracé ---

    def _trait(self, chemin: str, couleur: str, *, tirets: bool = False) -> None:
        plus = ' stroke-dasharray="5 4"' if tirets else ""
        self.elements.append(f'<path d="{chemin}" fill="none" stroke="{self._c(couleur)}" stroke-width="1.6"{plus}/>')

    def _pointe(self, x: int, y: int, sens: str, couleur: str) -> None:
        dx, dy = {"droite": (-8, 0), "gauche": (8, 0), "bas": (0, -8), "haut": (0, 8)}[sens]
        cote = (0, 5) if dx else (5, 0)
        points = f"{x},{y} {x + dx - cote[0]},{y + dy - cote[1]} {x + dx + cote[0]},{y + dy + cote[1]}"
        self.elements.append(f'<polygon points="{points}" fill="{self._c(couleur)}"/>')

    def _point(self, x: int, y: int, couleur: str, *, plein: bool) -> None:
        fond = couleur if plein else "feuille"
        self.elements.append(
            f'<circle cx="{x}" cy="{y}" r="4.5" fill="{self._c(fond)}" stroke="{self._c(couleur)}" stroke-width="1.6"/>'
        )

    def _texte(self, x: int, y: int, texte: str, couleur: str = "pierre-700", *, ancre: str = "middle") -> None:
        self.elements.append(
            f'<text x="{x}" y="{y}" font-size="12" text-anchor="{ancre}" fill="{self._c(couleur)}" '
            f'stroke="{self._c("feuille")}" stroke-width="4" stroke-linejoin="round" paint-order="stroke">'
            f"{escape(texte)}</text>"
        )

    def _boite(self, etat: str, x: int, y: int, hauteur: int, fond: str, filet: str, encre: str) -> None:
        self.elements.append(
            f'<rect x="{x - LARGEUR // 2}" y="{y}" width="{LARGEUR}" height="{hauteur}" rx="6" '
            f'fill="{self._c(fond)}" stroke="{self._c(filet)}" stroke-width="1.4"/>'
        )
        lignes = _couper(self.machine.noms[etat])
        haut = y + hauteur // 2 + 5 - 8 * (len(lignes) - 1)
        for rang, ligne in enumerate(lignes):
            self.elements.append(
                f'<text x="{x}" y="{haut + 16 * rang}" font-size="12" font-weight="600" text-anchor="middle" '
                f'fill="{self._c(encre)}">{escape(ligne)}</text>'
            )

    def _avances(self) -> None:
        milieu = self.y + HAUTEUR // 2
        for fleche in self._qui_avancent():
            depart, arrivee = self.x[fleche.depart], self.x[fleche.arrivees[0]]
            if fleche in self.sauts:
                sommet = self.y - 22 - SAUT * (self._ecart(fleche) - 1)
                a, b = depart + 12, arrivee - 12
                self._trait(f"M{a} {self.y}V{sommet + 10}Q{a} {sommet} {a + 10} {sommet}H{b - 10}"
                            f"Q{b} {sommet} {b} {sommet + 10}V{self.y - 2}", "vigne-600")  # fmt: skip
                self._pointe(b, self.y - 1, "bas", "vigne-600")
                self._texte((a + b) // 2, sommet - 6, self._nom(fleche.transition, [fleche.depart]))
            else:
                self._trait(f"M{depart + LARGEUR // 2} {milieu}H{arrivee - LARGEUR // 2 - 3}", "vigne-600")
                self._pointe(arrivee - LARGEUR // 2 - 1, milieu, "droite", "vigne-600")
                nom = self._nom(fleche.transition, [fleche.depart])
                self._texte((depart + arrivee) // 2, self.bas + 17, nom)

    def _nom(self, transition: str, departs: Iterable[str]) -> str:
        exige = all(self.machine.motif(transition, depart) for depart in departs)
        return f"{transition} ✎" if exige else transition

    def _dessous(self) -> int:
        """Dessine les rangées de côté ; rend l'ordonnée de la fin."""
        groupes, y = self._rangees(), self.bas + 58
        debut, boites, places = y, [], []
        for etat, noms in groupes:
            if etat:
                boites.append((etat, y - 23, RANGEE * (len(noms) - 1) + 46))
                y += 0 if len(noms) > 1 else 2
            for nom in noms:
                places.append((etat, nom, y))
                y += RANGEE
            y += ENTRE if etat else 4
        fin = y - RANGEE
        for x in self.x.values():
            self.elements.append(
                f'<path d="M{x} {self.bas + 26}V{fin}" stroke="{self._c("pierre-200")}" stroke-dasharray="2 4"/>'
            )
        for etat, nom, ordonnee in places:
            self._rangee(etat, nom, ordonnee)
        self._entre_cotes(boites)
        for etat, haut, hauteur in boites:
            repart = any(f.depart == etat for f in self.machine.fleches)
            fond, filet = ("ocre-50", "ocre-300") if repart else ("vin-50", "vin-200")
            self._boite(etat, self.x_cote, haut, hauteur, fond, filet, "encre")
        return max(fin, debut)

    def _rangee(self, etat: str | None, nom: str, y: int) -> None:
        fleches = self.machine.de(nom)
        departs = [f.depart for f in fleches]
        vers_cote = any(f.fixe for f in fleches)
        couleur = "ocre-700" if vers_cote else "vigne-600" if etat else "ardoise-700"
        bord = self.x_cote - LARGEUR // 2
        bonds = [f for f in fleches if self._recule(f)]
        lignes = [f for f in fleches if f not in bonds]
        pleins = [self.x[f.depart] for f in lignes if f.depart in self.x]
        ronds = sorted({self.x[a] for f in lignes for a in f.arrivees if not f.fixe and a in self.x})
        bornes = [*pleins, *ronds]
        if bornes:
            droite = bord - 3 * vers_cote if etat else max(bornes)
            self._trait(f"M{min(bornes)} {y}H{droite}", couleur, tirets=not vers_cote)
        if vers_cote:
            self._pointe(bord - 1, y, "droite", couleur)
        for fleche in bonds:
            self._bonds(fleche, y, couleur)
        for x in ronds:
            self._point(x, y, couleur, plein=False)
        for x in pleins:
            self._point(x, y, couleur, plein=True)
        gauche = min([*bornes, *(self.x[a] for f in bonds for a in f.arrivees)])
        self._texte(gauche + 12, y - 7, self._nom(nom, departs), couleur, ancre="start")

    def _recule(self, fleche: Fleche) -> bool:
        """Vrai pour un retour le long de la frise, à une arrivée connue."""
        depart = self.x.get(fleche.depart, 0)
        return not fleche.fixe and all(self.x.get(arrivee, depart) < depart for arrivee in fleche.arrivees)

    def _bonds(self, fleche: Fleche, y: int, couleur: str) -> None:
        depart = self.x[fleche.depart]
        for arrivee in fleche.arrivees:
            x, creux = self.x[arrivee] + 7, 16 if depart - self.x[arrivee] == PAS else 30
            self._trait(f"M{depart} {y}C{depart - 24} {y + creux} {x + 34} {y + creux} {x + 6} {y + 4}", couleur)
            self.elements.append(f'<polygon points="{x},{y} {x + 10},{y} {x + 5},{y + 8}" fill="{self._c(couleur)}"/>')
        self._point(depart, y, couleur, plein=True)

    def _entre_cotes(self, boites: list[tuple[str, int, int]]) -> None:
        """Les passages d'un état de côté à un autre, entre les boîtes."""
        hauts = {etat: (haut, haut + hauteur) for etat, haut, hauteur in boites}
        for f in self.machine.fleches:
            for arrivee in f.arrivees:
                if f.depart in hauts and arrivee in hauts and f.depart != arrivee:
                    descend = hauts[arrivee][0] > hauts[f.depart][0]
                    x = self.x_cote + (-22 if descend else 22)
                    depart = hauts[f.depart][1 if descend else 0]
                    bout = hauts[arrivee][0 if descend else 1]
                    self._trait(f"M{x} {depart}V{bout}", "ocre-700")
                    self._pointe(x, bout + (-1 if descend else 1), "bas" if descend else "haut", "ocre-700")

    def _legende(self, fin: int) -> None:
        y, x = fin + 26, MARGE + 6
        self._point(x, y, "ardoise-700", plein=True)
        self._texte(x + 12, y + 4, "départ", ancre="start")
        self._point(x + 82, y, "ardoise-700", plein=False)
        self._texte(x + 94, y + 4, "arrivée possible", ancre="start")
        self._texte(x + 214, y + 4, "✎ motif exigé", ancre="start")


def _couper(nom: str) -> list[str]:
    """Un nom long sur deux lignes, coupé à l'espace le plus près du milieu."""
    espaces = [i for i, lettre in enumerate(nom) if lettre == " "]
    if len(nom) <= 12 or not espaces:
        return [nom]
    milieu = min(espaces, key=lambda i: abs(i - len(nom) // 2))
    return [nom[:milieu], nom[milieu + 1 :]]
