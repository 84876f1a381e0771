"""Les équipes de la démonstration : qui est en poste, qui part, qui arrive. Les noms sont inventés."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from formation.calculs.effectifs import est_renfort
from formation.demonstration.textes import nom_invente, places_de
from formation.enums import OriginePoste, Rythme
from formation.models import Poste, Professionnel
from programme.models import Metier, Parcours, Unite

ANCIENNETE = (2100, 1500, 1100, 820, 640, 500, 410, 330, 270, 220)
"""Jours d'ancienneté à l'ouverture, à tour de rôle."""


def installer(parcours: Parcours, le: date) -> list[Poste]:
    """L'équipe de cet ESMS, en poste ce jour-là ; rendue telle quelle si elle y est déjà."""
    if existants := list(Poste.objects.filter(parcours=parcours).select_related("professionnel")):
        return existants
    unites = list(parcours.unites.all())
    secteur = parcours.esms.categorie.secteur if parcours.esms.categorie else ""
    nuit = any(u.a_nuit for u in unites)
    voulus: list[tuple[str, Unite | None, str, str]] = []
    for place in places_de(secteur, travaille_la_nuit=nuit):
        ou: Iterable[Unite | None] = unites if place.par_unite and unites else [None]
        for unite in ou:
            if place.rythme == Rythme.NUIT and unite is not None and not unite.a_nuit:
                continue
            voulus += [(place.metier, unite, str(place.rythme), str(place.origine))] * place.nombre
    return engager(parcours, voulus, [le - timedelta(days=ANCIENNETE[n % len(ANCIENNETE)]) for n in range(len(voulus))])


def engager(
    parcours: Parcours, voulus: list[tuple[str, Unite | None, str, str]], debuts: list[date], fin: date | None = None
) -> list[Poste]:
    """Autant de personnes que de (métier, unité, rythme, origine), entrées à ces dates."""
    metiers = {m.code: m for m in Metier.objects.filter(code__in={v[0] for v in voulus})}
    depart = Professionnel.objects.count()
    personnes = []
    for rang, (_, _, _, origine) in enumerate(voulus, depart):
        personne = Professionnel(og=parcours.esms.og, nom=nom_invente(rang), origine=origine)
        # La paie donne un matricule à ceux qu'elle connaît, et à eux seuls.
        personne.matricule = f"{parcours.esms.og_id:03d}-{rang:05d}" if origine == OriginePoste.PAIE else ""
        personne.preparer_recherche()
        personnes.append(personne)
    Professionnel.objects.bulk_create(personnes)
    postes = [
        Poste(
            professionnel=personne,
            parcours=parcours,
            metier=metiers[metier],
            unite=unite,
            rythme=rythme,
            debut=debut,
            fin=fin,
            est_renfort=est_renfort(debut, fin),
        )
        for personne, debut, (metier, unite, rythme, _) in zip(personnes, debuts, voulus, strict=True)
    ]
    return Poste.objects.bulk_create(postes)


def faire_tourner(parcours: Parcours, aujourdhui: date, rang: int) -> None:
    """Deux départs et deux arrivées récentes, et un renfort : la couverture bouge, comme partout."""
    tenus = list(Poste.objects.prevus(aujourdhui).filter(parcours=parcours).select_related("unite", "metier"))
    if len(tenus) < 6:
        return
    partants = [tenus[(rang * 3 + 1) % len(tenus)], tenus[(rang * 5 + 4) % len(tenus)]]
    arrivees: list[tuple[str, Unite | None, str, str]] = []
    for ecart, poste in zip((70 + rang % 20, 33 + rang % 9), {p.pk: p for p in partants}.values(), strict=False):
        poste.fin = aujourdhui - timedelta(days=ecart)
        poste.save(update_fields=["fin"])
        arrivees.append((poste.metier.code, poste.unite, poste.rythme, OriginePoste.PAIE))
    entrees = [aujourdhui - timedelta(days=j) for j in (48 + rang % 12, 12 + rang % 15)]
    engager(parcours, arrivees, entrees[: len(arrivees)])
    poste = tenus[0]
    renfort = [(poste.metier.code, poste.unite, str(Rythme.JOUR), str(OriginePoste.INTERIM))]
    engager(parcours, renfort, [aujourdhui - timedelta(days=6)], fin=aujourdhui + timedelta(days=9))


def par_unite(postes: Iterable[Poste]) -> dict[int | None, list[Poste]]:
    """Les postes, rangés par unité."""
    rendu: dict[int | None, list[Poste]] = defaultdict(list)
    for poste in postes:
        rendu[poste.unite_id].append(poste)
    return rendu
