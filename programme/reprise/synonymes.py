"""Les mots des classeurs, normalisés (sans accents, sans capitales), et ce qu'ils veulent dire dans Treille.

Seulement ce qui ne peut dire qu'une chose. « OK », « en cours », « terminé », « déploiement » manquent exprès : la
personne choisit. S'y ajoutent d'office les valeurs de Treille et leurs libellés.
"""

from django.db.models import TextChoices

from programme.enums import EtatParcours, IssueVerification, PointDepart, TypeProjet
from programme.socle.texte import normaliser


def _mots(ecrits: str) -> list[str]:
    """Des mots séparés par des virgules ; « suspendu(e) » en vaut deux."""
    rendus = []
    for mot in (morceau.strip() for morceau in ecrits.split(",")):
        rendus += [mot.replace("(e)", "e"), mot.replace("(e)", "")] if "(e)" in mot else [mot]
    return rendus


VIDES = frozenset(
    ["", "-", "–", "—", "/", ".", "…", "?", "??"]
    + _mots("""neant, nc, n c, na, n a, so, s o, sans objet, aucun(e), a definir, a preciser, a venir, a confirmer, tbd,
    nr, non renseigne(e), inconnu(e), vide""")
)
VACANTS = frozenset(_mots("vacant(e), poste vacant, a recruter, recrutement en cours, en recrutement, sans direction"))
COCHES = frozenset(["✓", "✔", "☑", "✅", "●"])
ROMAINS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


def _avec_libelles(valeurs: type[TextChoices], mots: dict[str, str]) -> dict[str, str]:
    """Mot normalisé → valeur : les synonymes, puis les valeurs et les libellés de l'énumération."""
    connus = {mot: valeur for valeur, ecrits in mots.items() for mot in _mots(ecrits)}
    for choix in valeurs:
        connus |= {normaliser(choix.value): choix.value, normaliser(str(choix.label)): choix.value}
    return connus


_ETATS: dict[str, str] = {
    EtatParcours.RECENSE: """recense(e), identifie(e), inscrit(e), pas commence, pas encore commence, non commence,
    pas demarre, pas encore demarre, non demarre, a lancer, a demarrer, a faire, a planifier, a engager, a cadrer,
    pas engage, non engage, pas lance, non lance, non initie""",
    EtatParcours.CADRAGE: """cadre(e), cadrage fait, cadrage ok, cadrage termine, cadrage realise, cadrage valide,
    cadrage fini, cadrage lance""",
    EtatParcours.PREPARATION: """parametrage, parametre(e), parametrage fait, parametrage termine, parametrage ok,
    parametrage lance, configuration, formation, formations, formation des equipes, reprise de donnees,
    reprise des donnees, migration""",
    EtatParcours.PILOTE: """site pilote, esms pilote, pilote termine, pilote fait, pilote ok, pilote lance,
    experimentation""",
    EtatParcours.OUVERTURE: """ouvert(e), mise en production, mise en service, mis en production, mis en service, mep,
    go live, ouvert partiellement, ouverture partielle, partiellement ouvert, partiellement deploye, ouverture faite""",
    EtatParcours.SERVICE_REGULIER: """en prod, prod, en production, production, en service, deploye(e),
    deploiement termine, deploiement fini, deploiement fait, totalement deploye, 100 deploye, operationnel,
    operationnelle, en exploitation, utilise au quotidien, vsr, vsr prononcee, vsr faite, vsr signee, vsr ok,
    vsr validee""",
    EtatParcours.ROUTINE: "vie courante, croisiere, rythme de croisiere, regime de croisiere, run",
    EtatParcours.SUSPENDU: """suspendu(e), suspens, suspension, pause, mis en pause, mise en pause, gele(e), stand by,
    standby""",
    EtatParcours.SORTI: """sorti(e), sorti du projet, sortie du projet, sorti de la grappe, abandonne(e), abandon,
    retire(e), retrait, annule(e), hors projet, desistement, desiste, ne participe plus, ferme(e), fermeture""",
}
_TYPES: dict[str, str] = {
    TypeProjet.ACQUISITION: """achat, nouveau dui, premier dui, premier equipement, primo equipement, 1er equipement,
    equipement, acquisition d un dui, acquisition dui""",
    TypeProjet.MISE_EN_CONFORMITE: """mec, conformite, mise a niveau, montee de version, mise en conformite segur,
    mise en conformite du dui""",
    TypeProjet.USAGES: "usage, developpement des usages, montee en usage, montee en usages",
}
_POINTS: dict[str, str] = {
    PointDepart.PAPIER: "dossier papier, dossiers papier, tout papier, 100 papier, cahier papier, papier seul",
    PointDepart.BUREAUTIQUE: """word, excel, word excel, word et excel, office, fichiers partages, fichiers word,
    fichiers excel, papier et bureautique, suite bureautique""",
    PointDepart.AUTRE_DUI: """autre dui, autre logiciel, migration, changement de logiciel, changement d editeur,
    ancien logiciel, ancien dui, changement de dui, reprise d un autre dui""",
    PointDepart.MEME_DUI: "meme dui, meme logiciel, meme editeur, mise a jour, deja equipe meme editeur",
    PointDepart.DEJA_CONFORME: """conforme, conforme segur, deja reference, reference segur, dui conforme,
    dui reference""",
}
_ISSUES: dict[str, str] = {
    IssueVerification.PRONONCEE: """oui, favorable, avis favorable, sans reserve, sans reserves, prononce, acceptee,
    prononcee sans reserve, prononcee sans reserves, validee sans reserve, valide, validee, signe, signee, pv signe,
    acquise""",
    IssueVerification.AVEC_RESERVES: """avec reserve, avec reserves, sous reserve, sous reserves, reserve, reserves,
    prononcee avec reserve, prononcee sous reserve, validee avec reserves, favorable avec reserves,
    oui avec reserves, ok avec reserves""",
    IssueVerification.AJOURNEE: "ajourne, reporte, reportee, differee, a refaire, a repasser",
    IssueVerification.REJETEE: "rejete, refuse, refusee, defavorable, avis defavorable, ko, echec",
}
_OUI = "oui, o, x, xx, vrai, true, yes, 1, p, pilote, site pilote"
_NON = "non, n, faux, false, no, 0, hors pilote, non pilote, pas pilote"

SYNONYMES: dict[str, dict[str, str]] = {
    "etat": _avec_libelles(EtatParcours, _ETATS),
    "type_projet": _avec_libelles(TypeProjet, _TYPES),
    "point_depart": _avec_libelles(PointDepart, _POINTS),
    "va_issue": _avec_libelles(IssueVerification, _ISSUES),
    "vsr_issue": _avec_libelles(IssueVerification, _ISSUES),
    "est_pilote": dict.fromkeys(_mots(_OUI), "oui") | dict.fromkeys(_mots(_NON), "non"),
}
"""Colonne → {mot normalisé → valeur}."""
