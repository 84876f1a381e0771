"""Une question à l'écran : son échelle, ce qui est coché, ce qui n'a pas pu s'enregistrer."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from programme.socle.dates import date_courte, heure
from programme.socle.erreurs import Refus
from risques.enums import SensEchelle
from risques.services.grilles import GrilleDetaillee, QuestionLue, SectionLue
from risques.services.reponses import SANS_OBJET, Croisement, lire_valeur, repondre

AU_DOIGT = 20
"""Au-delà de ce nombre d'échelons, on écrit la note plutôt que de la choisir."""

SENS = {
    SensEchelle.DEFAVORABLE: "plus la note est haute, plus la difficulté est présente",
    SensEchelle.FAVORABLE: "plus la note est haute, mieux c'est",
}


@dataclass(frozen=True, slots=True)
class Option:
    """Un échelon : sa valeur, ce qu'on en lit, ce qu'elle veut dire, si elle est cochée."""

    valeur: str
    libelle: str
    coche: bool
    sens: str = ""


@dataclass(frozen=True, slots=True)
class Envoyee:
    """Ce qu'une page sans script a envoyé pour une question, et pourquoi ce n'est pas enregistré."""

    valeur: str
    mot: str
    faute: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Affichee:
    """Une question telle que la page l'écrit : la réponse en base, ou la saisie refusée qu'on garde."""

    lue: QuestionLue
    envoyee: Envoyee | None = None

    @property
    def question(self) -> Any:
        """La question."""
        return self.lue.question

    @property
    def valeur(self) -> str:
        """« 7 », « so » ou rien."""
        if self.envoyee:
            return self.envoyee.valeur
        return en_saisie(self.lue)

    @property
    def mot(self) -> str:
        """Le commentaire."""
        if self.envoyee:
            return self.envoyee.mot
        return self.lue.reponse.mot if self.lue.reponse else ""

    @property
    def faute(self) -> str:
        """Pourquoi la saisie n'est pas enregistrée."""
        return self.envoyee.faute if self.envoyee else ""

    @property
    def vu(self) -> int:
        """La version à rendre avec la saisie."""
        return self.lue.version if self.envoyee is None or self.envoyee.version is None else self.envoyee.version

    @property
    def empreinte(self) -> str:
        """Ce qui est en base, en un mot court : dit ce que la personne a touché sans script."""
        return empreinte(en_saisie(self.lue), self.lue.reponse.mot if self.lue.reponse else "")

    @property
    def genre(self) -> str:
        """« choix » (échelons en toutes lettres), « nombre » (longue échelle à écrire), ou « echelle »."""
        if self.question.choix:
            return "choix"
        return "nombre" if self.question.maximum - self.question.minimum >= AU_DOIGT else "echelle"

    @property
    def options(self) -> list[Option]:
        """Les échelons, du plus petit au plus grand."""
        if self.genre == "nombre":
            return []
        libelles = {str(e["valeur"]): str(e["libelle"]) for e in self.question.echelle}
        if self.question.choix:
            return [Option(valeur, libelle, valeur == self.valeur) for valeur, libelle in libelles.items()]
        valeurs = map(str, range(self.question.minimum, self.question.maximum + 1))
        return [Option(v, v, v == self.valeur, libelles.get(v, "")) for v in valeurs]

    @property
    def bornes(self) -> list[str]:
        """Les libellés d'échelons, « 1 · Pas du tout » ; aucun quand ils sont déjà les réponses."""
        if self.question.choix:
            return []
        return [f"{e['valeur']} · {e['libelle']}" for e in self.question.echelle]

    @property
    def sans_objet(self) -> bool:
        """Vrai si « sans objet » est coché."""
        return self.valeur == SANS_OBJET

    @property
    def etat(self) -> str:
        """« enregistré à 14 h 02 », ou rien."""
        return dire_enregistre(self.lue)


def dire_enregistre(lue: QuestionLue) -> str:
    """Quand la réponse s'est enregistrée ; vide si rien n'est dit."""
    if lue.reponse is None or not (lue.est_dite or lue.reponse.mot):
        return ""
    le = timezone.localtime(lue.reponse.le)
    aujourdhui = le.date() == timezone.localdate()
    return f"enregistré à {heure(le)}" if aujourdhui else f"enregistré le {date_courte(le.date())}"


def en_saisie(lue: QuestionLue) -> str:
    """La réponse en base, comme on l'écrit : « 7 », « so », ou rien."""
    if lue.reponse is None:
        return ""
    if lue.reponse.sans_objet:
        return SANS_OBJET
    return "" if lue.reponse.valeur is None else str(lue.reponse.valeur)


def empreinte(valeur: str, mot: str) -> str:
    """Un mot court, qui change avec la réponse."""
    return hashlib.sha256(f"{valeur}\n{mot}".encode()).hexdigest()[:12]


def en_entier(texte: str) -> int:
    """Une version rendue par la page ; 0 si elle ne se lit pas."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 10 else 0


def sens_de(section: SectionLue) -> str:
    """Ce que dit une note haute dans cette section ; vide si on ne le sait pas, ou si l'on répond par des mots."""
    sens = {q.question.sens for q in section.questions}
    notee = not any(q.question.choix for q in section.questions)
    return SENS.get(SensEchelle(sens.pop()), "") if notee and len(sens) == 1 else ""


def enregistrer_section(
    detail: GrilleDetaillee, section: SectionLue, donnees: QueryDict, par: Any
) -> tuple[int, dict[str, Envoyee]]:
    """Écrit, question par question, ce qui a été touché sur une page sans script.

    Rend combien sont enregistrées, et par code celles qui ne le sont pas : une faute n'arrête pas les autres.
    """
    ecrites, fautives = 0, {}
    for lue in section.questions:
        code = lue.question.code
        valeur, mot = _valeur(donnees, code), donnees.get(f"{code}.mot", "").replace("\r\n", "\n").strip()
        if f"{code}.lu" not in donnees or empreinte(valeur, mot) == donnees[f"{code}.lu"]:
            continue
        try:
            note, sans_objet = lire_valeur(valeur)
            vu = en_entier(donnees.get(f"{code}.vu", ""))
            repondre(grille=detail.grille, code=code, valeur=note, sans_objet=sans_objet, mot=mot, vu=vu, par=par)
            ecrites += 1
        except Croisement as croisement:
            relue = croisement.actuelle.version if croisement.actuelle else None
            phrase = f"{croisement.motif} Enregistrez à nouveau pour la garder à la place."
            fautives[code] = Envoyee(valeur, mot, phrase, relue)
        except Refus as refus:
            if refus.code == "droit":
                raise
            fautives[code] = Envoyee(valeur, mot, refus.motif)
    return ecrites, fautives


def _valeur(donnees: QueryDict, code: str) -> str:
    """La note, ou « so » : une échelle à écrire a sa case à part."""
    if donnees.get("effacer") == code:
        return ""
    return SANS_OBJET if donnees.get(f"{code}.so") else donnees.get(code, "").strip()
