"""Ce que l'outil écrit seul dans une monographie : le programme, qui l'on a vu, l'histoire, la campagne, la méthode."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Sum

from programme.models import Grappe, Parcours
from programme.socle.dates import date_courte, date_longue
from programme.socle.machine import champ_de
from programme.socle.models import Passage
from programme.socle.nombres import accorde, liste, nombre
from risques.calculs.echelle import arrondi
from risques.models import Evaluation
from risques.services.resultats import MOYENNE, resultats_des
from usages.calculs.contenu_monographie import Barre, Figure, Part, Tableau
from usages.calculs.entonnoir import Entonnoir, Resultat
from usages.calculs.unites_entonnoir import compter
from usages.models import Etude, Visite
from usages.services.etudes.entonnoir import MALFORMEES, base_de
from usages.services.monographies.figures import PRUDENCE, EffetsLus

REGLE_DE_CODAGE = (
    "Chaque constat se code seul, sans voir le code des autres : un thème, un sens (positif, négatif, mitigé, sans "
    "effet), une force (faible, moyenne, forte) et une preuve (dit par une personne, dit par plusieurs métiers, "
    f"observé sur place, mesuré). {PRUDENCE}"
)
REPONSES_MINIMUM = 3
"""Au-dessous, une moyenne de réponses individuelles dirait ce qu'une personne a répondu : elle ne sort pas."""
_COMMENT = {"consensus": "consensus", "reunion": "réponse en réunion", MOYENNE: "moyenne des réponses individuelles"}


# --- la visite -------------------------------------------------------------------------------------------------------


def jours_de(visite: Visite) -> str:
    """« 2 et 3 juin 2026 », au mois près ; vide si le programme n'est pas écrit. Une requête."""
    jours = sorted({t.jour for t in visite.temps.all()})
    if not jours:
        return ""
    if len({(j.year, j.month) for j in jours}) > 1:
        return liste(date_longue(j) for j in jours)
    return liste([*("1er" if j.day == 1 else str(j.day) for j in jours[:-1]), date_longue(jours[-1])])


def programme_de(visite: Visite) -> Tableau | None:
    """Les temps de la visite, dans l'ordre."""
    lignes = tuple(
        (
            date_courte(t.jour),
            " – ".join(f"{h.hour}\u00a0h\u00a0{h.minute:02}" for h in (t.debut, t.fin)),
            str(t.get_forme_display()),
            str(t.get_theme_display()) if t.theme else "—",
            t.avec or "—",
        )
        for t in visite.temps.all()
    )
    return Tableau("Le programme", ("Jour", "Heures", "Forme", "Thème", "Avec"), lignes) if lignes else None


def rencontres_de(visite: Visite) -> Tableau | None:
    """Qui l'on a rencontré : des rôles et des nombres."""
    lues = list(visite.rencontres.all())
    if not lues:
        return None
    total = sum(r.nombre for r in lues)
    lignes = tuple((r.qui, nombre(r.nombre)) for r in lues)
    return Tableau(
        "Les personnes rencontrées",
        ("Rôle", "Nombre"),
        lignes,
        f"{accorde(total, 'personne rencontrée,personnes rencontrées')} en tout.",
    )


# --- l'histoire ------------------------------------------------------------------------------------------------------


def histoire_de(parcours: Parcours) -> Tableau | None:
    """Les passages de l'ESMS, du premier au dernier. Une requête."""
    etats = dict(champ_de(Parcours).flatchoices)
    lignes = tuple(
        (date_courte(p.date_effet), str(etats.get(p.vers, p.vers)), str(etats.get(p.de, p.de)))
        for p in Passage.objects.de(parcours)
    )
    return Tableau("Les étapes de l'ESMS", ("Date", "Étape", "Venait de"), lignes) if lignes else None


def dates_de_la_grappe(grappe: Grappe) -> Tableau | None:
    """Les passages de la grappe : des dates qui valent pour tous ses ESMS. Une requête."""
    etats = dict(champ_de(Grappe).flatchoices)
    lignes = tuple((date_courte(p.date_effet), str(etats.get(p.vers, p.vers))) for p in Passage.objects.de(grappe))
    note = "Ces dates sont celles de la grappe : elles valent pour tous ses ESMS, pas pour celui-ci seul."
    return Tableau("Les étapes de la grappe", ("Date", "Étape"), lignes, note) if lignes else None


# --- le questionnaire des effets -------------------------------------------------------------------------------------


def campagnes_de(visite: Visite) -> list[Figure]:
    """Ce que l'ESMS a répondu aux campagnes de l'étude, section par section. Requêtes constantes."""
    evaluations: Any = Evaluation.objects.filter(campagne__in=visite.etude.campagnes.all(), parcours=visite.parcours_id)
    return [figure for lu in resultats_des(evaluations).values() if (figure := _dire_campagne(lu))]


def _dire_campagne(lu: Any) -> Figure | None:
    if lu.resultat is None or (lu.nature == MOYENNE and len(lu.individuelles) < REPONSES_MINIMUM):
        return None
    notees = [s for s in lu.resultat.sections if s.fraction is not None]
    if not notees:
        return None
    barres = tuple(
        Barre("", s.nom, (Part("apres", round(float(s.fraction), 4), ""),), f"{s.affiche} sur {arrondi(s.sur)}")
        for s in notees
    )
    titre = f"Campagne « {lu.evaluation.campagne.nom} »"
    dits = accorde(lu.nb_transmises, "grille transmise,grilles transmises")
    quand = f", le {date_longue(lu.le)}" if lu.le else ""
    note = f"{dits}{quand} ; {_COMMENT.get(lu.nature, lu.nature)}."
    tableau = Tableau(titre, ("Section", "Note"), tuple((b.nom, b.dit) for b in barres), note)
    return Figure(titre, " ; ".join(f"{b.nom} : {b.dit}" for b in barres) + ".", barres, (), tableau)


# --- la méthode ------------------------------------------------------------------------------------------------------


def entonnoir_fige(etude: Etude) -> Entonnoir | None:
    """L'entonnoir tel que l'étude l'a figé ; une étape encore ouverte n'est pas un résultat, elle n'y est pas."""
    figees = [e.resultat for e in etude.etapes.all() if e.est_figee and e.resultat]
    if not figees:
        return None
    try:
        return Entonnoir(tuple(base_de(etude)), tuple(Resultat.depuis(r) for r in figees))
    except MALFORMEES:
        return None


def tableau_de_l_entonnoir(entonnoir: Entonnoir) -> Tableau:
    """Une ligne par étape : ce qui entre, ce qui sort, ce qui s'arrête là."""
    lignes = tuple(
        (r.titre, compter(r.entrees), compter(r.sorties), nombre(len(r.ecartes)), nombre(len(r.readmis)))
        for r in entonnoir.resultats
    )
    clair = " ; ".join(f"{palier} : {dit}" for palier, dit in entonnoir.paliers)
    entetes = ("Étape", "Entrent", "Restent", "Écartées", "Réadmises")
    return Tableau("L'entonnoir de l'étude", entetes, lignes, f"{clair}.")


def regles_de(effets: EffetsLus) -> tuple[tuple[str, str], ...]:
    """Comment on a codé, et si l'on s'accorde."""
    if not effets.constats:
        return ()
    lignes = [
        ("Codage des effets", REGLE_DE_CODAGE),
        ("Constats", f"{accorde(len(effets.constats), 'constat')}, {accorde(effets.codeurs, 'codeur')}."),
        ("Accord sur le thème", effets.accord_des_themes),
        ("Accord sur le sens", effets.accord_des_sens),
    ]
    if effets.a_reprendre:
        reste = accorde(effets.a_reprendre, "effet n'est pas retenu,effets ne sont pas retenus")
        lignes.append(("Écartés", f"{reste} : pas encore codés, ou codés autrement par chacun."))
    return tuple(lignes)


def visites_en_mots(visite: Visite) -> Iterable[tuple[str, str]]:
    """La visite en deux lignes : quand, et combien de personnes."""
    if jours := jours_de(visite):
        yield "Visite", jours
    if total := visite.rencontres.aggregate(n=Sum("nombre"))["n"]:
        yield "Personnes rencontrées", nombre(total)
