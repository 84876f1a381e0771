"""Ouvrir les relevés d'une période : un par ESMS, avec une case vide par chiffre attendu.

Qui : un ESMS dont le projet avance (préparation ou après, ni suspendu, ni sorti), s'il y était à la fin de la période,
et dont la grappe suit quelque chose à cette cadence. Quoi : le déploiement dès la préparation ; l'usage et le maintien
dès qu'une unité peut ouvrir (pilote, ouverture ou après) : demander plus tôt ferait taper des zéros.

Les territoires, le secteur et la taille sont ceux du jour de l'ouverture, et le restent. Refaire n'ajoute que ce qui
manque : un ESMS arrivé depuis, un indicateur choisi depuis dans un relevé encore en saisie.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from formation.models import CumulCouverture
from programme.enums import FRISE_PARCOURS, EtatParcours
from programme.models import Etape, Parcours
from usages.calculs.periodes import Periode
from usages.enums import TAILLE_GRANDE, TAILLE_MOYENNE, Absence, CadenceReleve, EtatReleve, Famille, Taille
from usages.models import CumulIndicateur, Indicateur, Releve, Suivi, Valeur

DELAI = timedelta(days=15)
"""De la fin de la période au jour attendu."""
DELAI_TARDIF = timedelta(days=7)
"""Un relevé ouvert tard laisse au moins une semaine."""
RATTRAPAGE = 12
"""Périodes manquées que la tâche de chaque jour rouvre au plus."""
TRANCHE = 500

SUIVENT = FRISE_PARCOURS[FRISE_PARCOURS.index(EtatParcours.PREPARATION) :]
OUVRENT = FRISE_PARCOURS[FRISE_PARCOURS.index(EtatParcours.PILOTE) :]


@dataclass(slots=True)
class Ouverture:
    """Ce qu'une ouverture a créé."""

    releves: int = 0
    chiffres: int = 0

    def __iadd__(self, autre: "Ouverture") -> "Ouverture":
        self.releves += autre.releves
        self.chiffres += autre.chiffres
        return self


def echeance_de(periode: Periode, au: date) -> date:
    """Le jour attendu d'un relevé ouvert ce jour-là."""
    return max(periode.fin + DELAI, au + DELAI_TARDIF)


def periodes_dues(au: date) -> list[Periode]:
    """Les périodes finies à ouvrir : la dernière de chaque cadence, et celles que la tâche a manquées."""
    rendu = []
    for cadence in CadenceReleve:
        derniere = Periode.contenant(au, cadence).precedente()
        connu = Releve.objects.filter(cadence=cadence).order_by("-debut").values_list("debut", flat=True).first()
        premiere = min(Periode(connu, cadence.value), derniere) if connu else derniere
        rendu += list(premiere.jusqu_a(derniere))[-RATTRAPAGE:]
    return rendu


def ouvrir_dues(au: date, temoin: Callable[[int, int], None] = lambda fait, total: None) -> Ouverture:
    """Ouvre tout ce qui est dû ce jour-là : la tâche de chaque jour."""
    bilan, periodes = Ouverture(), periodes_dues(au)
    for rang, periode in enumerate(periodes):
        temoin(rang, len(periodes))
        bilan += ouvrir(periode, au=au)
    return bilan


def ouvrir(periode: Periode, *, au: date, parcours: QuerySet[Parcours] | None = None) -> Ouverture:
    """Ouvre cette période pour ces ESMS (tous à défaut), par tranches ; rien pour une période qui n'est pas finie.

    `au` : le jour de l'ouverture, dont viennent les territoires et l'échéance.
    """
    bilan = Ouverture()
    if periode.fin >= au:
        return bilan
    vises = _concernes(Parcours.objects.all() if parcours is None else parcours, periode)
    for tranche in _tranches(vises):
        bilan += _ouvrir_une_tranche(tranche, periode, au)
    return bilan


def _tranches(vises: QuerySet[Parcours]) -> Iterator[list[int]]:
    cles = list(vises.order_by("pk").values_list("pk", flat=True))
    for debut in range(0, len(cles), TRANCHE):
        yield cles[debut : debut + TRANCHE]


def _suivis(periode: Periode) -> Any:
    """Ce que les grappes suivaient à la fin de la période, à sa cadence."""
    retires = Q(indicateur__retire_le__isnull=True) | Q(indicateur__retire_le__gt=periode.fin)
    return Suivi.objects.a_la_date(periode.fin).filter(retires, indicateur__cadence=periode.cadence)


def _y_etaient(etats: tuple[str, ...], fin: date, chemin: str = "") -> Q:
    """Ils sont à l'un de ces états, et y étaient à cette date ; sans date connue, on ne le leur refuse pas."""
    qui = OuterRef(f"{chemin}pk")
    entrees = Etape.objects.filter(parcours=qui, etat__in=etats, reelle__isnull=False)
    return Q(**{f"{chemin}etat__in": etats}) & (Exists(entrees.filter(reelle__lte=fin)) | ~Exists(entrees))


def _concernes(parcours: QuerySet[Parcours], periode: Periode) -> Any:
    suivie = _suivis(periode).filter(grappe=OuterRef("grappe"))
    avant_d_ouvrir = suivie.filter(indicateur__famille=Famille.DEPLOIEMENT)
    return parcours.filter(
        _y_etaient(SUIVENT, periode.fin) & Exists(avant_d_ouvrir) | _y_etaient(OUVRENT, periode.fin) & Exists(suivie)
    )


@transaction.atomic
def _ouvrir_une_tranche(cles: list[int], periode: Periode, au: date) -> Ouverture:
    """Les relevés qui manquent, puis leurs cases ; les totaux attendent ces chiffres dans la même transaction."""
    neufs = _creer_les_releves(cles, periode, au)
    attendus = Valeur.objects.filter(releve__in=neufs)
    if neufs:
        _creer_les_cases(neufs, periode)
        CumulIndicateur.objects.porter_attendus(attendus, 1)
    nombre = attendus.count() if neufs else 0
    return Ouverture(len(neufs), nombre + _completer(cles, neufs, periode))


def _taille(periode: Periode) -> Any:
    """La taille, d'après les utilisateurs prévus en poste au dernier mois compté de la période, ou avant."""
    en_poste = (
        CumulCouverture.objects.totaux()
        .filter(parcours=OuterRef("pk"), mois__lte=periode.fin)
        .order_by("-mois")
        .values("en_poste")[:1]
    )
    return Subquery(en_poste)


def _creer_les_releves(cles: list[int], periode: Periode, au: date) -> list[int]:
    """Les relevés qui manquent ; rend leurs clés. Ceux qu'un autre ouvre au même instant sont à lui."""
    lignes = (
        Parcours.objects.filter(pk__in=cles)
        .order_by("pk")
        .annotate(
            og=F("esms__og"),
            region=F("esms__departement__region"),
            champ=Coalesce(F("esms__categorie__secteur"), Value("")),
            monde=_taille(periode),
        )
        .annotate(
            gabarit=Case(
                When(monde__gte=TAILLE_GRANDE, then=Value(Taille.GRANDE)),
                When(monde__gte=TAILLE_MOYENNE, then=Value(Taille.MOYENNE)),
                When(monde__gte=1, then=Value(Taille.PETITE)),
                default=Value(Taille.INCONNUE),
                output_field=CharField(max_length=8),
            )
        )
        .values_list("pk", "grappe_id", "og", "region", "champ", "gabarit")
    )
    texte, parametres = lignes.query.sql_with_params()
    jour = connection.ops.adapt_datefield_value
    with connection.cursor() as curseur:
        curseur.execute(
            f"INSERT INTO {Releve._meta.db_table} (version, etat, debut, cadence, echeance, parcours_id, grappe_id,"
            " og_id, region_id, secteur, taille)"
            " SELECT 0, %s, %s, %s, %s, s.pk, s.grappe_id, s.og, s.region, s.champ, s.gabarit"
            # « WHERE true » : sans lui, SQLite prend ON CONFLICT pour la suite de la jointure.
            f" FROM ({texte}) s WHERE true ON CONFLICT (parcours_id, debut, cadence) DO NOTHING RETURNING id",
            [
                EtatReleve.SAISI.value,
                jour(periode.debut),
                periode.cadence,
                jour(echeance_de(periode, au)),
                *parametres,
            ],
        )
        return sorted(cle for (cle,) in curseur.fetchall())


def _manquantes(releves: list[int], periode: Periode) -> Any:
    """Les cases que ces relevés devraient avoir et n'ont pas : leur clé, l'indicateur, pourquoi il ne concerne pas."""
    fin, suivis = periode.fin, "grappe__suivis"
    # Par des annotations : deux filtres sur une relation multiple feraient deux jointures.
    lignes: Any = Releve.objects.filter(pk__in=releves).annotate(
        suivi=F(f"{suivis}__indicateur"),
        famille=F(f"{suivis}__indicateur__famille"),
        rythme=F(f"{suivis}__indicateur__cadence"),
        retire=F(f"{suivis}__indicateur__retire_le"),
        depuis=F(f"{suivis}__depuis"),
        jusqu_au=F(f"{suivis}__jusqu_au"),
    )
    sauf = Indicateur.non_concernees.through.objects.filter(
        indicateur=OuterRef("suivi"), categorie=OuterRef("parcours__esms__categorie")
    )
    deja = Valeur.objects.filter(releve=OuterRef("pk"), indicateur=OuterRef("suivi"), cle="")
    return (
        lignes.filter(rythme=periode.cadence, depuis__lte=fin)
        .filter(Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=fin))
        .filter(Q(retire__isnull=True) | Q(retire__gt=fin))
        .filter(Q(famille=Famille.DEPLOIEMENT) | _y_etaient(OUVRENT, fin, "parcours__"))
        .filter(~Exists(deja))
        .annotate(
            pourquoi=Case(
                When(Exists(sauf), then=Value(Absence.NON_CONCERNE)), default=Value(""), output_field=CharField()
            )
        )
        .order_by("pk", "suivi")
        .values_list("pk", "suivi", "pourquoi")
        .distinct()
    )


def _creer_les_cases(releves: list[int], periode: Periode) -> None:
    """Toutes les cases de relevés qui viennent de naître, sans quitter la base."""
    texte, parametres = _manquantes(releves, periode).query.sql_with_params()
    with connection.cursor() as curseur:
        curseur.execute(
            f"INSERT INTO {Valeur._meta.db_table}"
            " (releve_id, indicateur_id, motif, cle, texte, origine, raison, commentaire, mot_attendu)"
            f" SELECT s.pk, s.suivi, s.pourquoi, '', '', '', '', '', %s FROM ({texte}) s",
            [False, *parametres],
        )


def _completer(cles: list[int], neufs: list[int], periode: Periode) -> int:
    """Les cases d'un indicateur choisi depuis, dans les relevés en saisie ; sous verrou, ou deux les créeraient."""
    anciens = Releve.objects.de_la_periode(periode).filter(parcours__in=cles, etat=EtatReleve.SAISI)
    ouverts = anciens.exclude(pk__in=neufs).select_for_update(of=("self",)).order_by("pk")
    lues = list(_manquantes([r.pk for r in ouverts], periode))
    cases = [Valeur(releve_id=cle, indicateur_id=indicateur, motif=motif) for cle, indicateur, motif in lues]
    for debut in range(0, len(cases), TRANCHE):
        creees = Valeur.objects.bulk_create(cases[debut : debut + TRANCHE])
        CumulIndicateur.objects.porter_attendus(Valeur.objects.filter(pk__in=[v.pk for v in creees]), 1)
    return len(cases)
