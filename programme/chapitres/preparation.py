"""La préparation : qui est prêt, ce qui bloque, ce qui manque le plus souvent, les réserves à lever."""

from programme.chapitres.communs import borner, parcours_de
from programme.models import Parcours, Proposition
from programme.services.reports import reports_en_cours
from programme.services.reserves import Reserve, reserves_de
from programme.services.tableau import Lecture, lire_parcours
from programme.socle.chapitres import Bloc, Chiffres, Demande, Tableau, inscrire
from programme.socle.conditions import Condition, Constat
from programme.socle.dates import date_courte, il_y_a
from programme.socle.decompte import par_condition
from programme.socle.enums import Severite
from programme.socle.nombres import nombre, quelques

PREMIERES = 10
_GRAVES = (Severite.LEGALE, Severite.BARRE)


@inscrire("preparation", "La préparation, et ce qui bloque", 40)
def preparation(demande: Demande) -> list[Bloc]:
    """Mesuré par les mêmes conditions que la porte : la page d'un ESMS dit la même chose."""
    lecture = lire_parcours(parcours_de(demande), demande.par)
    if not lecture.parcours:
        return []
    bloques = [(p, manques) for p in lecture.parcours if (manques := _qui_barrent(lecture, p))]
    prets = _prets(lecture, demande)
    reserves = reserves_de(lecture.parcours)
    return [
        Chiffres(
            (
                ("Prêts, en attente de leur direction", nombre(len(prets))),
                ("Retenus par une condition qui barre ou légale", nombre(len(bloques))),
                ("Passés sous réserve, des conditions encore à réunir", nombre(len(reserves))),
            )
        ),
        _tableau_des_bloques(bloques, demande),
        _ce_qui_manque(lecture),
        _tableau_des_prets(prets),
        _tableau_des_reserves(lecture, reserves),
    ]


def _verbe(parcours: Parcours) -> str:
    return str(Parcours.transitions()[parcours.prochaine].custom["verbe"])


def _qui_barrent(lecture: Lecture, parcours: Parcours) -> list[Constat]:
    return [c for c in lecture.constats.get(parcours.pk, []) if c.barre]


def _tableau_des_bloques(bloques: list[tuple[Parcours, list[Constat]]], demande: Demande) -> Tableau:
    ranges = sorted(bloques, key=lambda b: (b[0].depuis_le or demande.au, str(b[0]), b[0].pk))
    lignes = [
        (
            str(p),
            f"{p.get_etat_display()}, {il_y_a(p.depuis_le, demande.au)}",
            _verbe(p),
            quelques(_en_mots(c) for c in manques),
        )
        for p, manques in ranges
    ]
    colonnes = ("ESMS", "Où il en est", "Passage attendu", "Ce qui le retient")
    return borner("Ce qui bloque, le plus ancien d'abord", colonnes, lignes, "Rien ne bloque aucun passage.")


def _en_mots(constat: Constat) -> str:
    legal = " (légal)" if constat.severite == Severite.LEGALE else ""
    return f"{constat.condition.libelle}{legal}"


def _ce_qui_manque(lecture: Lecture) -> Tableau:
    libelles: dict[str, Condition] = {c.condition.code: c.condition for cs in lecture.constats.values() for c in cs}
    comptes = [(libelles[code], d) for code, d in par_condition(lecture.constats).items() if d.reste]
    comptes.sort(key=lambda x: (-x[1].reste, x[0].libelle))
    lignes = tuple(
        (c.libelle, "légale" if d.legal else "barre" if d.barre else "avertit", nombre(d.reste), nombre(d.total))
        for c, d in comptes[:PREMIERES]
    )
    colonnes = ("Condition", "Sévérité", "ESMS où elle manque", "ESMS qu'elle vise")
    return Tableau("Ce qui manque le plus souvent", colonnes, lignes, "Aucune condition ne manque.")


def _prets(lecture: Lecture, demande: Demande) -> list[Parcours]:
    """Tout est réuni ; ceux que leur direction a reportés à plus tard n'attendent rien."""
    reportes = reports_en_cours([p.pk for p in lecture.prets], demande.au)
    return [p for p in lecture.prets if p.pk not in reportes]


def _tableau_des_prets(prets: list[Parcours]) -> Tableau:
    proposees = {(p.parcours_id, p.transition): p for p in Proposition.objects.en_attente().filter(parcours__in=prets)}
    lignes = []
    for p in prets:
        proposee = proposees.get((p.pk, p.prochaine))
        dit = "à proposer"
        if proposee:
            dit = "proposé" + (f" pour le {date_courte(proposee.date_visee)}" if proposee.date_visee else "")
        lignes.append((str(p), _verbe(p), dit))
    return borner(
        "Prêts pour le feu vert", ("ESMS", "Passage", "Où en est la décision"), lignes, "Aucun ESMS n'est prêt."
    )


def _tableau_des_reserves(lecture: Lecture, reserves: dict[int, list[Reserve]]) -> Tableau:
    lignes = [
        (
            str(p),
            quelques(r.constat.condition.libelle for r in reserves[p.pk]),
            date_courte(min(r.depuis for r in reserves[p.pk])),
        )
        for p in lecture.parcours
        if p.pk in reserves
    ]
    colonnes = ("ESMS", "Encore à réunir", "Passé le")
    return borner("Passés sous réserve", colonnes, lignes, "Aucune réserve n'attend.")
