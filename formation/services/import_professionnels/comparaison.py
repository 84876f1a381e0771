"""Comparer un fichier du personnel à la base : personne par (organisme, matricule), poste par (personne, ESMS, entrée).

Une case vide ne change rien, sauf la sortie. Une entrée corrigée reste le même poste quand un seul couvre ces dates.
Qui est sorti depuis plus de six mois n'est pas repris : son nom s'est effacé, le fichier ne le ramène pas.
Une personne qu'on ne voit pas encore (elle n'est que dans d'autres ESMS) n'est ni renommée, ni devinée.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from django.utils import timezone

from formation.calculs.effectifs import GARDE_DU_NOM
from formation.calculs.lignes_rh import ESMS_INCONNU, LigneRh
from formation.calculs.mots_rh import COLONNES, COURRIEL, ENTREE, ESMS, MATRICULE, METIER, NOM, RYTHME, SORTIE, UNITE
from formation.enums import OriginePoste
from formation.models import Poste, Professionnel
from formation.services.import_professionnels.plan import LigneComparee, Plan, Sortie
from formation.services.import_professionnels.portee import Portee
from programme.socle.nombres import accorde
from programme.socle.texte import normaliser

ESMS_DOUBLE = "cet ESMS est dans deux grappes : importez ses lignes depuis sa page, dans la bonne grappe."
METIER_PARTI = "ce mot est relié à un métier qui n'existe plus : reliez-le de nouveau."
MATRICULE_PRIS = (
    "ce matricule est déjà celui d'une autre personne de l'organisme : vérifiez-le, ou voyez avec le siège."
)
ZEROS_PERDUS = "ce matricule existe déjà avec des zéros en tête : mettez la colonne au format texte."
DEJA_DEUX_POSTES = "plusieurs postes de cette personne couvrent déjà ces dates dans cet ESMS : corrigez-les à la main."
SORTIS_DEPUIS_LONGTEMPS = "Sortis depuis plus de six mois et plus connus ici : pas repris, leur nom ne sert plus."
UNITE_INCONNUE = "Unité inconnue dans cet ESMS : laissée vide, ou comme elle était"
SORTIES_EN_SUSPENS = "Personne n'est sorti : corrigez d'abord les lignes rejetées, le fichier n'est pas encore complet."
ESMS_SANS_LIGNE = "Aucune ligne pour {} : personne n'y est sorti."
SORTENT = "{} au {:%d/%m/%Y} : ces matricules ne sont plus dans le fichier."

Temoin = Callable[[int, int], None]
PAR_PAQUET = 500


class _Base:
    """Ce que la base sait de l'organisme, lu en quatre requêtes quel que soit le fichier."""

    def __init__(self, portee: Portee) -> None:
        connus = Professionnel.objects.filter(og=portee.og).exclude(matricule="")
        self.personnes = {p.matricule: p for p in connus}
        # Par les postes, et non par un EXISTS par personne : sur des tables qui viennent de grossir, PostgreSQL le
        # jouait vingt mille fois.
        vus = Poste.objects.visibles_par(portee.par).filter(professionnel__og=portee.og).order_by()
        self.vues = set(vus.values_list("professionnel_id", flat=True).distinct())
        self.sans_zeros: dict[str, str] = {m.lstrip("0"): m for m in self.personnes if m.startswith("0")}
        self.postes: dict[tuple[int, int], list[Poste]] = defaultdict(list)
        ici = [p.pk for p in portee.parcours.values()]
        tenus = Poste.objects.filter(parcours__in=ici, professionnel__og=portee.og).select_related("metier", "unite")
        for poste in tenus.order_by("debut", "pk"):
            self.postes[poste.professionnel_id, poste.parcours_id].append(poste)


def comparer(
    portee: Portee,
    lignes: list[LigneRh],
    *,
    complet_au: date | None = None,
    temoin: Temoin = lambda fait, total: None,
) -> Plan:
    """Ce que ces lignes changeraient. `temoin` reçoit (lignes comparées, lignes à comparer)."""
    base = _Base(portee)
    comparees = [_situer(portee, ligne) for ligne in lignes]
    plan = Plan(portee, comparees, complet_au)
    exacts = {(ligne.matricule, ligne.valeurs[ESMS], ligne.valeurs[ENTREE]) for ligne in lignes if not ligne.fautes}
    dites: set[str] = set()
    depuis = timezone.localdate() - GARDE_DU_NOM
    gardes = {ligne.matricule for ligne in lignes if not ligne.fautes and ligne.fin >= depuis} | set(base.personnes)
    for rang, comparee in enumerate(comparees):
        if rang % PAR_PAQUET == 0:
            temoin(rang, len(comparees))
        if not comparee.fautes and comparee.ligne.matricule not in gardes:
            comparee.est_oubliee = True
            plan.avertissements[SORTIS_DEPUIS_LONGTEMPS] += 1
            continue
        if not comparee.fautes:
            _comparer_la_personne(base, comparee, dites)
    _rapprocher(base, [c for c in comparees if not c.fautes and not c.est_oubliee], exacts)
    for comparee in comparees:
        if not comparee.fautes and not comparee.est_oubliee:
            _comparer_le_poste(plan, comparee)
    if complet_au:
        _faire_sortir(base, plan, complet_au)
    return plan


def _situer(portee: Portee, ligne: LigneRh) -> LigneComparee:
    finess = ligne.valeurs.get(ESMS, "")
    metier = portee.metiers.get(ligne.valeurs.get(METIER, ""))
    parcours = portee.parcours.get(finess)
    if finess in portee.doubles:
        ligne.refuser(ESMS, ESMS_DOUBLE)
    elif finess and parcours is None:
        ligne.refuser(ESMS, ESMS_INCONNU)
    if METIER in ligne.valeurs and metier is None:
        ligne.refuser(METIER, METIER_PARTI)
    return LigneComparee(ligne, parcours, metier)


def _comparer_la_personne(base: _Base, comparee: LigneComparee, dites: set[str]) -> None:
    """Ce qui change d'elle se dit une fois, à sa première ligne."""
    ligne = comparee.ligne
    personne = comparee.personne = base.personnes.get(ligne.matricule)
    if personne is None:
        ancien = base.personnes.get(base.sans_zeros.get(ligne.matricule, ""))
        if ancien and normaliser(ancien.nom) == normaliser(ligne.valeurs[NOM]):
            ligne.refuser(MATRICULE, ZEROS_PERDUS)
        return
    if personne.pk not in base.vues:
        if normaliser(personne.nom) != normaliser(ligne.valeurs[NOM]):
            ligne.refuser(MATRICULE, MATRICULE_PRIS)
        return
    if ligne.matricule in dites:
        return
    dites.add(ligne.matricule)
    for code in (NOM, COURRIEL):
        apres = ligne.valeurs.get(code)
        if apres and apres != (avant := getattr(personne, code)):
            comparee.de_la_personne[code] = (avant, apres)


def _rapprocher(base: _Base, comparees: list[LigneComparee], exacts: set[tuple[str, str, date]]) -> None:
    """Donne à chaque ligne son poste : celui de la même entrée, sinon le seul qui couvre ses dates ; une seule ligne.

    Un poste pris ne se propose plus : ce qui hésitait entre deux n'hésite peut-être plus. On s'arrête quand rien ne
    bouge ; qui hésite encore se refuse, et refaire l'import donne la même réponse.
    """
    pris: set[int] = set()
    restent = []
    for c in comparees:
        c.poste = next((p for p in _tenus(base, c) if p.debut == c.ligne.valeurs[ENTREE]), None)
        if c.poste is None:
            restent.append(c)
        else:
            pris.add(c.poste.pk)
    avance = True
    while avance:
        avance = False
        for c in [c for c in restent if c.poste is None]:
            couvrent = _couvrent(base, c, exacts, pris)
            if len(couvrent) == 1:
                c.poste = couvrent[0]
                pris.add(c.poste.pk)
                avance = True
    for c in restent:
        if c.poste is None and len(_couvrent(base, c, exacts, pris)) > 1:
            c.ligne.refuser(ENTREE, DEJA_DEUX_POSTES)


def _tenus(base: _Base, c: LigneComparee) -> list[Poste]:
    return base.postes.get((c.personne.pk, c.parcours.pk), []) if c.personne and c.parcours else []


def _couvrent(base: _Base, c: LigneComparee, exacts: set[tuple[str, str, date]], pris: set[int]) -> list[Poste]:
    """Les postes de cette personne, ici, que rien d'autre ne réserve, et qui croisent ses dates."""
    ligne = c.ligne
    libres = (p for p in _tenus(base, c) if p.pk not in pris)
    return [
        p
        for p in libres
        if (ligne.matricule, ligne.valeurs[ESMS], p.debut) not in exacts
        and p.debut <= ligne.fin
        and ligne.valeurs[ENTREE] <= (p.fin or date.max)
    ]


def _comparer_le_poste(plan: Plan, comparee: LigneComparee) -> None:
    ligne, parcours, poste = comparee.ligne, comparee.parcours, comparee.poste
    assert parcours is not None and comparee.metier is not None  # sans quoi la ligne est rejetée
    unites = plan.portee.unites[parcours.pk]
    unite = unites.get(normaliser(ligne.valeurs.get(UNITE, "")))
    if ligne.valeurs.get(UNITE) and unite is None:
        plan.avertissements[f"{UNITE_INCONNUE}."] += 1
    voulu = {ENTREE: ligne.valeurs[ENTREE], METIER: comparee.metier}
    voulu |= {SORTIE: ligne.valeurs[SORTIE]} if SORTIE in ligne.valeurs else {}
    voulu |= {UNITE: unite} if unite else {}
    voulu |= {RYTHME: ligne.valeurs[RYTHME]} if RYTHME in ligne.valeurs else {}
    if poste is None:
        comparee.du_poste = {code: (None, valeur) for code, valeur in voulu.items() if valeur and code != METIER}
    else:
        lues = {code: getattr(poste, CHAMPS[code]) for code in voulu}
        comparee.du_poste = {code: (lues[code], v) for code, v in voulu.items() if v != lues[code]}


CHAMPS = {ENTREE: "debut", SORTIE: "fin", METIER: "metier", UNITE: "unite", RYTHME: "rythme"}
"""Colonne du fichier → champ du poste."""
assert CHAMPS.keys() <= COLONNES.keys()


def _faire_sortir(base: _Base, plan: Plan, au: date) -> None:
    """Les postes de paie ouverts ce jour-là, dans les ESMS du fichier, dont le matricule n'y est plus pour cet ESMS."""
    if plan.fautives:
        plan.annonces.append(SORTIES_EN_SUSPENS)
        return
    presents = {(c.ligne.matricule, c.parcours.pk) for c in plan.lignes if c.parcours}
    dits = {cle for _, cle in presents}
    for parcours in plan.portee.parcours.values():
        if parcours.pk not in dits:
            plan.avertissements[ESMS_SANS_LIGNE.format(parcours)] += 1
    par_cle = {p.pk: p for p in base.personnes.values() if p.origine == OriginePoste.PAIE}
    for (personne, parcours_pk), postes in base.postes.items():
        connue = par_cle.get(personne)
        if connue is None or parcours_pk not in dits or (connue.matricule, parcours_pk) in presents:
            continue
        ouverts = [p for p in postes if p.debut <= au and (p.fin is None or p.fin > au)]
        plan.sorties += [Sortie(poste) for poste in ouverts]
    if plan.sorties:
        plan.sorties.sort(key=lambda s: (s.poste.parcours_id, s.poste.professionnel_id, s.poste.pk))
        plan.annonces.append(SORTENT.format(accorde(len(plan.sorties), "poste se ferme,postes se ferment"), au))


__all__ = ["CHAMPS", "comparer"]
