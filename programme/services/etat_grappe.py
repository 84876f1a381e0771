"""L'état des lieux d'une grappe : qui a répondu, quelles applications, quel équipement, quels besoins.

Tout part des ESMS dont le lecteur lit la préparation ; nombre constant de requêtes. Une application dite pour tout un
OG compte pour chacun de ses ESMS, sauf celui qui dit la sienne sous le même nom.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, Sum

from programme.calculs.equipement import Cumul, cumuler
from programme.enums import DomaineApplication, NatureFait, PrioriteBesoin, SortApplication, Sujet
from programme.models import (
    Application,
    Besoin,
    DocumentSi,
    Equipement,
    Fait,
    Grappe,
    Interlocuteur,
    Parcours,
    PersonneRessource,
    Utilisateur,
)
from programme.models.etat_des_lieux import retenues
from programme.socle.texte import en_phrase, normaliser

SANS_EDITEUR = "Éditeur pas dit"
SANS_MODULE = "Sans module en particulier"


@dataclass(slots=True)
class LigneEsms:
    """Un ESMS et ce qu'il a dit. `heures` : accordées par mois, None si personne n'est nommé."""

    parcours: Parcours
    documents: int = 0
    a_contact: bool = False
    applications: list[Application] = field(default_factory=list)
    equipement: Equipement | None = None
    besoins: int = 0
    diffuse_le: Any = None
    heures: int | None = None

    @property
    def a_repondu(self) -> bool:
        """Vrai avec un document et qui répond du SI : le seul attendu."""
        return bool(self.documents) and self.a_contact

    @property
    def manque(self) -> str:
        """Ce qui manque pour avoir répondu, en mots."""
        absents = [m for m, la in (("un document", self.documents), ("un contact", self.a_contact)) if not la]
        return " et ".join(absents)


@dataclass(slots=True)
class LigneEditeur:
    """Un éditeur dans un usage : ses applications, combien d'ESMS, et ce qu'on en fait."""

    editeur: str
    noms: dict[str, None] = field(default_factory=dict)
    esms: set[int] = field(default_factory=set)
    sorts: Counter[str] = field(default_factory=Counter)
    interfaces: dict[str, None] = field(default_factory=dict)

    @property
    def sorts_en_mots(self) -> str:
        """« 3 gardées telles quelles, 1 à décider » : dans l'ordre des valeurs closes."""
        dits = [(s, self.sorts[s.value]) for s in SortApplication if self.sorts[s.value]]
        return ", ".join(f"{en_phrase(s.label)} : {n}" for s, n in dits)


@dataclass(slots=True)
class LigneBesoin:
    """Un besoin à porter au cahier des charges : un besoin commun et ses demandeurs, ou un besoin seul."""

    libelle: str
    priorite: str
    demandeurs: list[str]
    mots: list[str]
    commun: int | None = None


@dataclass(slots=True)
class EtatDeGrappe:
    """Tout ce que montrent la page et la matière du cahier des charges."""

    esms: list[LigneEsms]
    domaines: list[tuple[str, list[LigneEditeur]]]
    cumul: Cumul
    besoins: list[tuple[str, list[LigneBesoin]]]

    @property
    def ont_repondu(self) -> list[LigneEsms]:
        """Ceux qui ont dit un document et un contact."""
        return [e for e in self.esms if e.a_repondu]

    @property
    def manquent(self) -> list[LigneEsms]:
        """Les autres."""
        return [e for e in self.esms if not e.a_repondu]

    @property
    def alertes(self) -> list[tuple[LigneEsms, list[str]]]:
        """Ce qui mérite qu'on en parle, par ESMS."""
        return [(e, e.equipement.alertes) for e in self.esms if e.equipement and e.equipement.alertes]

    @property
    def sur_combien(self) -> str:
        """« sur 31 ESMS »."""
        return f"sur {len(self.esms)} ESMS"

    @property
    def nb_besoins(self) -> int:
        """Besoins d'origine, rapprochés ou non."""
        return sum(e.besoins for e in self.esms)


def etat_de(grappe: Grappe, *, par: Utilisateur) -> EtatDeGrappe:
    """L'état des lieux de la grappe, pour ce lecteur : sept lectures, quel que soit le nombre d'ESMS."""
    lisibles = Parcours.objects.lisibles_par(par).filter(grappe=grappe).dans_le_projet()
    lignes = {p.pk: LigneEsms(p) for p in lisibles.select_related("esms__og", "esms__categorie")}
    _lire_documents(grappe, lignes)
    _lire_contacts(grappe, lignes)
    _lire_applications(grappe, lignes)
    for equipement in Equipement.objects.filter(parcours__in=lignes):
        lignes[equipement.parcours_id].equipement = equipement
    _lire_moyens(lignes)
    besoins = list(Besoin.objects.filter(parcours__in=lignes).select_related("module", "commun"))
    for besoin in besoins:
        lignes[besoin.parcours_id].besoins += 1
    return EtatDeGrappe(
        esms=list(lignes.values()),
        domaines=_par_domaine(lignes.values()),
        cumul=cumuler(e.equipement.dit for e in lignes.values() if e.equipement),
        besoins=_par_module(besoins, lignes),
    )


def _concernes(ligne: Any, lignes: dict[int, LigneEsms]) -> Iterable[LigneEsms]:
    """Les ESMS pour qui vaut une ligne : le sien, ou tous ceux de l'OG."""
    if ligne.parcours_id:
        return [lignes[ligne.parcours_id]] if ligne.parcours_id in lignes else []
    return [e for e in lignes.values() if e.parcours.esms.og_id == ligne.og_id]


def _lire_documents(grappe: Grappe, lignes: dict[int, LigneEsms]) -> None:
    for document in DocumentSi.objects.filter(grappe=grappe):
        for concerne in _concernes(document, lignes):
            concerne.documents += 1


def _lire_contacts(grappe: Grappe, lignes: dict[int, LigneEsms]) -> None:
    esms = {e.parcours.esms_id for e in lignes.values()}
    ogs = {e.parcours.esms.og_id for e in lignes.values()} - {None}
    ici = Q(esms__in=esms) | Q(og__in=ogs) | Q(grappe=grappe)
    dits = set(Interlocuteur.objects.filter(ici, sujet=Sujet.SI).values_list("esms", "og", "grappe"))
    pour_tous = (None, None, grappe.pk) in dits
    for e in lignes.values():
        sien = (e.parcours.esms_id, None, None) in dits
        e.a_contact = pour_tous or sien or (None, e.parcours.esms.og_id, None) in dits


def _lire_applications(grappe: Grappe, lignes: dict[int, LigneEsms]) -> None:
    for application in Application.objects.filter(grappe=grappe):
        for concerne in _concernes(application, lignes):
            concerne.applications.append(application)
    for e in lignes.values():
        e.applications = retenues(e.applications)


def _lire_moyens(lignes: dict[int, LigneEsms]) -> None:
    sommes = PersonneRessource.objects.filter(parcours__in=lignes).order_by().values("parcours")
    for ligne in sommes.annotate(heures=Sum("heures_accordees")):
        lignes[ligne["parcours"]].heures = ligne["heures"] or 0
    for fait in Fait.objects.filter(parcours__in=lignes, nature=NatureFait.DIFFUSION):
        lignes[fait.parcours_id].diffuse_le = fait.date


def _par_domaine(lignes: Iterable[LigneEsms]) -> list[tuple[str, list[LigneEditeur]]]:
    """Par usage puis par éditeur, du plus répandu au moins répandu ; deux graphies d'un éditeur n'en font qu'un."""
    rendu: dict[str, dict[str, LigneEditeur]] = defaultdict(dict)
    for e in lignes:
        for a in e.applications:
            cle = normaliser(a.editeur)
            ligne = rendu[a.domaine].setdefault(cle, LigneEditeur(a.editeur or SANS_EDITEUR))
            ligne.noms[a.nom] = None
            ligne.esms.add(e.parcours.pk)
            ligne.sorts[a.sort] += 1
            if a.interface:
                ligne.interfaces[a.interface] = None
    return [
        (str(d.label), sorted(rendu[d.value].values(), key=lambda x: (-len(x.esms), normaliser(x.editeur))))
        for d in DomaineApplication
        if d.value in rendu
    ]


def _par_module(besoins: Iterable[Besoin], lignes: dict[int, LigneEsms]) -> list[tuple[str, list[LigneBesoin]]]:
    """Besoins communs et besoins seuls, par module ; les indispensables et les plus demandés d'abord."""
    groupes: dict[tuple[str, Any], list[Besoin]] = defaultdict(list)
    for b in besoins:
        # Les mêmes mots se lisent sur une ligne, sans attendre qu'on les rapproche.
        groupes[("commun", b.commun_id) if b.commun_id else ("seul", normaliser(b.libelle))].append(b)
    modules: dict[Any, list[LigneBesoin]] = defaultdict(list)
    for (sorte, _), membres in groupes.items():
        modules[_module_de(membres)].append(_porter(membres, lignes, commun=sorte == "commun"))
    rang = {str(p.label): i for i, p in enumerate(PrioriteBesoin)}
    for portes in modules.values():
        portes.sort(key=lambda x: (rang[x.priorite], -len(x.demandeurs), normaliser(x.libelle)))
    # Sans module en dernier : ce qui vaut partout se lit après ce qui a sa place.
    ordre = sorted(modules, key=lambda m: (m is None, m.ordre if m else 0, m.nom if m else ""))
    return [(m.nom if m else SANS_MODULE, modules[m]) for m in ordre]


def _dans_leurs_mots(membres: list[Besoin], lignes: dict[int, LigneEsms]) -> list[str]:
    """« Lire la nuit en une page » (tel ESMS, tel autre) : chaque tournure une fois, avec qui l'emploie."""
    par_mots: dict[str, list[str]] = defaultdict(list)
    for b in membres:
        par_mots[b.libelle].append(str(lignes[b.parcours_id].parcours))
    return [f"« {mots} » ({', '.join(sorted(qui))})" for mots, qui in par_mots.items()]


def _module_de(membres: list[Besoin]) -> Any:
    """Le module le plus cité ; à égalité, le premier dit."""
    cites = Counter(b.module for b in membres if b.module)
    return cites.most_common(1)[0][0] if cites else None


def _porter(membres: list[Besoin], lignes: dict[int, LigneEsms], *, commun: bool) -> LigneBesoin:
    """La priorité la plus forte l'emporte : un besoin indispensable à un seul reste indispensable."""
    rang = [p.value for p in PrioriteBesoin]
    forte = min((b.priorite for b in membres), key=rang.index)
    demandeurs = sorted({str(lignes[b.parcours_id].parcours) for b in membres})
    libelle = str(membres[0].commun) if commun else membres[0].libelle
    mots = _dans_leurs_mots(membres, lignes) if commun else []
    cle = membres[0].commun_id if commun else None
    return LigneBesoin(libelle, str(PrioriteBesoin(forte).label), demandeurs, mots, cle)
