"""« Vous avez dit, nous avons fait » : les résumés et les réponses que tous lisent, jamais le texte d'un retour.

Rien n'y paraît la semaine où il est reçu : dans une petite équipe, le jour suffirait à deviner qui parle.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from programme.models import Grappe, Parcours
from programme.socle.models import Passage
from usages.enums import EtatRetour, VoieRetour
from usages.models import Retour
from usages.models.retours import EN_VUE, REPONDUS, RetourQuerySet, semaine_de

MONTREES = 200
AILLEURS = 10
MINIMUM, MAXIMUM = 3, 8
"""Ce que porte une affiche : assez pour être lue, pas trop pour l'être debout."""

OU_L_ON_EN_EST: dict[tuple[str, str], str] = {
    (EtatRetour.QUALIFIE, ""): "Lu et compris, à prendre en charge",
    (EtatRetour.EN_COURS, VoieRetour.INTERNE): "Nous y travaillons",
    (EtatRetour.EN_COURS, VoieRetour.EDITEUR): "Demandé à l'éditeur",
    (EtatRetour.RESOLU, ""): "Réglé, la réponse arrive",
}


@dataclass(frozen=True, slots=True)
class Dit:
    """Ce que tous lisent d'un retour : son résumé, ce qu'on en a fait ou pourquoi on ne le fera pas, ses voix."""

    pk: int
    titre: str
    fait: str
    etat: str
    voie: str
    repondu_le: date | None
    nb_voix: int

    @property
    def est_retenu(self) -> bool:
        """Faux si l'on a dit qu'on ne le ferait pas."""
        return self.etat != EtatRetour.NON_RETENU

    @property
    def ou_l_on_en_est(self) -> str:
        """Pour un retour sans réponse encore : qui s'en occupe."""
        en_cours = self.etat == EtatRetour.EN_COURS
        return OU_L_ON_EN_EST.get((self.etat, self.voie if en_cours else ""), "Nous y travaillons")


@dataclass(frozen=True, slots=True)
class MoisDeReponses:
    """Un mois, par son premier jour, et ce à quoi l'on y a répondu."""

    debut: date
    dits: list[Dit]


@dataclass(frozen=True, slots=True)
class Lecture:
    """En cours, le plus partagé d'abord ; puis les réponses, par mois. `coupee` : il y en a de plus anciennes."""

    en_cours: list[Dit] = field(default_factory=list)
    mois: list[MoisDeReponses] = field(default_factory=list)
    ailleurs: list[Dit] = field(default_factory=list)
    coupee: bool = False

    @property
    def est_vide(self) -> bool:
        """Rien à lire encore."""
        return not (self.en_cours or self.mois)

    @property
    def nb_reponses(self) -> int:
        """Réponses publiées, celles qui font une affiche."""
        return sum(d.est_retenu for m in self.mois for d in m.dits)


def _dits(retours: RetourQuerySet, au: date, *, limite: int, tri: tuple[str, ...]) -> list[Dit]:
    """Ces retours en mots publics : le texte d'origine n'est pas même lu en base. Deux requêtes au plus."""
    champs = ("pk", "titre", "reponse", "etat", "voie", "repondu_le", "nb_voix")
    lus = list(retours.avec_voix(avant=semaine_de(au)).order_by(*tri).values(*champs)[:limite])
    raisons = _raisons(lu["pk"] for lu in lus if lu["etat"] == EtatRetour.NON_RETENU)
    return [
        Dit(
            pk=lu["pk"],
            titre=lu["titre"],
            # Rouvert, il garde sa réponse d'avant pour qui la reprendra : elle ne vaut plus.
            fait=raisons.get(lu["pk"], "") or (lu["reponse"] if lu["etat"] == EtatRetour.PUBLIE else ""),
            etat=lu["etat"],
            voie=lu["voie"],
            repondu_le=lu["repondu_le"],
            nb_voix=lu["nb_voix"],
        )
        for lu in lus
    ]


def _raisons(cles: Iterable[int]) -> dict[int, str]:
    """Pourquoi chacun n'est pas retenu : le motif de son dernier passage. Une requête, aucune sans rien à lire."""
    voulues = list(cles)
    if not voulues:
        return {}
    passages = Passage.objects.de_plusieurs(Retour, voulues).filter(transition="ne_pas_retenir")
    return dict(passages.values_list("objet_id", "motif"))


def raison_de(retour: Retour) -> str:
    """Ce qu'on répond à ce retour : la réponse publiée, ou pourquoi il n'est pas retenu. Une requête au plus."""
    return _raisons([retour.pk]).get(retour.pk, "") if retour.etat == EtatRetour.NON_RETENU else retour.reponse


def _lire(retours: RetourQuerySet, au: date, ailleurs: list[Dit] | None = None) -> Lecture:
    en_cours = _dits(retours.filter(etat__in=EN_VUE), au, limite=MONTREES, tri=("-nb_voix", "-recu_le", "-pk"))
    tri = ("-repondu_le", "-nb_voix", "-pk")
    repondus = _dits(retours.filter(etat__in=REPONDUS, repondu_le__isnull=False), au, limite=MONTREES + 1, tri=tri)
    montres = repondus[:MONTREES]
    mois = [
        MoisDeReponses(debut, list(dits))
        for debut, dits in groupby(montres, lambda d: (d.repondu_le or au).replace(day=1))
    ]
    return Lecture(en_cours, mois, ailleurs or [], coupee=len(repondus) > MONTREES)


def lire_de_l_esms(parcours: Parcours, au: date, *, ailleurs: bool = False) -> Lecture:
    """Ce qu'un ESMS a dit, et ce qu'on en a fait. `ailleurs` : aussi ce que d'autres de sa grappe ont en cours."""
    siens = Retour.objects.publics(au).de_l_esms(parcours)
    autres: list[Dit] = []
    if ailleurs:
        en_vue = Retour.objects.publics(au).filter(parcours__grappe=parcours.grappe_id, etat__in=EN_VUE)
        en_vue = en_vue.exclude(pk__in=siens.order_by().values("pk"))
        autres = _dits(en_vue, au, limite=AILLEURS, tri=("-nb_voix", "-recu_le", "-pk"))
    return _lire(siens, au, autres)


def lire_de_la_grappe(grappe: Grappe, au: date) -> Lecture:
    """Ce que les ESMS d'une grappe ont dit, sans dire lequel, et ce qu'on en a fait."""
    return _lire(Retour.objects.publics(au).filter(parcours__grappe=grappe), au)


def pour_l_affiche(source: Parcours | Grappe, au: date, depuis: date | None = None) -> list[Dit]:
    """De quoi faire une affiche : les réponses publiées depuis ce jour, huit au plus, de la plus récente à l'autre.

    Sans jour, ou s'il y en a moins de trois depuis, les plus récentes complètent.
    """
    retours = Retour.objects.publics(au).filter(etat=EtatRetour.PUBLIE, repondu_le__isnull=False)
    retours = retours.de_l_esms(source) if isinstance(source, Parcours) else retours.filter(parcours__grappe=source.pk)
    lus = _dits(retours, au, limite=MAXIMUM, tri=("-repondu_le", "-nb_voix", "-pk"))
    depuis_ce_jour = [d for d in lus if depuis is None or (d.repondu_le and d.repondu_le >= depuis)]
    return depuis_ce_jour if len(depuis_ce_jour) >= MINIMUM else lus[:MINIMUM]
