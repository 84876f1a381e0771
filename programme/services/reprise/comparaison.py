"""Un classeur face à la base : ce que chaque ligne changerait, ses fautes, ce qui mérite relecture. N'écrit rien."""

from datetime import date
from typing import Any

from programme.enums import (
    FRISE_PARCOURS,
    EtatGrappe,
    EtatParcours,
    IssueVerification,
    MotifSortie,
)
from programme.models import Grappe, Utilisateur
from programme.reprise.lignes import LigneReprise
from programme.reprise.mots import COLONNES
from programme.services.reprise.plan import LigneComparee, Personne, Plan
from programme.services.reprise.situation import FICHE, ROLES, TYPES, Base, Situation, lire_base
from programme.socle.nombres import liste
from programme.socle.texte import normaliser

E = EtatParcours
AVANT_CONVENTION = (EtatGrappe.MONTAGE, EtatGrappe.DEPOSEE, EtatGrappe.NON_RETENUE)
PAS_DANS_L_ANNUAIRE = (
    "ce numéro n'est pas dans l'annuaire : vérifiez qu'il s'agit d'un FINESS géographique, ou demandez à "
    "l'administrateur d'importer la dernière extraction."
)
SORTI = "cet ESMS est sorti de la grappe : réintégrez-le sur sa page, ou écrivez « sorti » dans le classeur."
SORTI_FERME = "sorti du projet d'après le classeur, et fermé dans l'annuaire : il n'entre pas dans la grappe."
SORTIE_REPRISE = (
    "sortie reprise comme « {} » : si c'est autre chose, réintégrez l'ESMS puis faites-le sortir de nouveau."
)
ETAT_PAR_PASSAGE = "cet ESMS a déjà une histoire dans Treille ({}) : son état change par un passage, sur sa page."
DATE_PAR_PASSAGE = (
    "cet ESMS a déjà une histoire dans Treille : une date réelle vient d'un passage, elle ne se corrige pas ici."
)
SANS_DATE = "sans date pour l'état « {} » : le constat sera daté d'aujourd'hui ; donnez la date si vous la connaissez."
DATE_SANS_ETAT = "l'ESMS est « recensé », et pourtant cette étape a une date : corrigez l'état, ou videz la date."
RECENSE_SANS_CONSTAT = "sa date de recensement n'est pas reprise : rien d'autre n'est commencé."
PREVUE_FRANCHIE = "l'étape « {} » est franchie : sa date prévue n'est pas reprise."
SANS_COURRIEL = "{} n'a pas de courriel : le rôle reste à confier sur la page de l'ESMS."
DE_GROUPE = "{} tient ce rôle pour tout un groupe : changez l'affectation du groupe."
PLUSIEURS_COMPTES = "plusieurs comptes ont le courriel {} : confiez le rôle sur la page de l'ESMS."
AUTRE_SOLUTION = "la solution « {} » n'est pas reprise : l'ESMS est déjà engagé avec une autre."
SOLUTION_INCONNUE = (
    "La solution « {} » n'est pas dans Treille : elle n'est pas reprise ; ajoutez-la dans « Solutions » et refaites "
    "l'aperçu."
)
SANS_DATE_DE_PV = "une vérification sans date de procès-verbal n'est pas reprise."
AUTRE_NOM = "le classeur dit « {} », l'annuaire « {} » pour ce numéro : vérifiez que c'est le bon ESMS."


def comparer(
    grappe: Grappe,
    lignes: list[LigneReprise],
    *,
    par: Utilisateur,
    ecartees: dict[tuple[str, str], str] | None = None,
) -> Plan:
    """Compare chaque ligne à la base, toutes les fautes d'un coup.

    `ecartees` : (FINESS, « directeur » ou « referent ») → pourquoi l'essai a refusé de confier ce rôle.
    """
    courriels = {
        courriel.strip().lower()
        for ligne in lignes
        for qui in ROLES
        if (courriel := ligne.valeurs.get(f"{qui}_courriel"))
    }
    base = lire_base(grappe, [ligne.finess for ligne in lignes if ligne.finess], courriels, par=par)
    plan = Plan(base, [], lignes, ecartees or {})
    for ligne in lignes:
        comparee = _Comparaison(base, plan, ligne).mener()
        for (finess, qui), motif in plan.ecartees.items():
            if finess == comparee.cle and qui in comparee.personnes:
                comparee.ecarter_la_personne(qui, motif)
        plan.lignes.append(comparee)
    _mettre_en_commun(plan)
    return plan


def raison_de_sortie(grappe: Grappe) -> MotifSortie:
    """Le classeur dit « sorti », jamais pourquoi : avant la convention c'est un retrait, ensuite un avenant."""
    return MotifSortie.RETRAIT if grappe.etat in AVANT_CONVENTION else MotifSortie.AVENANT


def _mettre_en_commun(plan: Plan) -> None:
    """La même VA, ou la même VSR, pour tous les ESMS de la grappe : une seule vérification, pour la grappe."""
    concernees = [ligne for ligne in plan.lignes if ligne.situation and not ligne.est_laissee and not ligne.sort]
    couverts = {ligne.cle for ligne in concernees}
    de_la_base = {f for f, s in plan.base.situations.items() if s.parcours}
    if len(couverts) < 2 or plan.fautives or de_la_base - couverts:
        return
    for code in TYPES:
        constats = {ligne.verifications.get(code) for ligne in concernees}
        if len(constats) == 1 and (constat := constats.pop()):
            plan.communes[code] = constat


class _Comparaison:
    """Une ligne face à la base."""

    def __init__(self, base: Base, plan: Plan, ligne: LigneReprise) -> None:
        self.base = base
        self.plan = plan
        self.lue = ligne.valeurs
        situation = base.situations.get(ligne.finess)
        nom = situation.esms.nom if situation else str(self.lue.get("nom_esms", ""))
        self.rendu = LigneComparee(ligne.numero, situation, ligne.finess or str(self.lue.get("finess", "")), nom)
        self.rendu.fautes = list(ligne.fautes)
        self.rendu.avis = list(ligne.avertissements)
        self.finess = ligne.finess

    def mener(self) -> LigneComparee:
        """Compare tout ce qui est comparable, même si la ligne a déjà des fautes."""
        situation = self.rendu.situation
        if self._est_laissee() or situation is None:
            return self.rendu
        self._nom(situation)
        if situation.est_neuf:
            self._constat(situation)
        else:
            self._histoire(situation)
        self._prevues(situation)
        self._fiche(situation)
        self._solution(situation)
        if not self.rendu.sort:
            self._verifications(situation)
            self._personnes(situation)
        return self.rendu

    def _est_laissee(self) -> bool:
        """Ni à ajouter, ni à comparer : inconnu, fermé, sorti. Un sorti des deux côtés n'a rien à dire."""
        etat = self.lue.get("etat")
        if not self.finess:
            return True
        if self.finess in self.base.sortis:
            self.rendu.nom, self.rendu.est_laissee = self.base.sortis[self.finess].esms.nom, True
            if etat != E.SORTI:
                self.rendu.refuser("finess", SORTI)
            return True
        situation = self.rendu.situation
        if situation is None:
            self.rendu.refuser("finess", PAS_DANS_L_ANNUAIRE)
            return True
        if etat == E.SORTI and not situation.esms.est_actif and situation.parcours is None:
            self.rendu.est_laissee = True
            self.rendu.avis.append(SORTI_FERME)
            return True
        if refus := self.base.refuses.get(self.finess):
            self.rendu.refuser("finess", refus)
        return False

    def _noter(self, colonne: str, avant: Any, apres: Any) -> None:
        if avant != apres:
            self.rendu.ecarts[colonne] = (avant, apres)

    def _est_fautif(self, *colonnes: str) -> bool:
        """La lecture a déjà dit ce qui cloche là : n'en rien déduire."""
        return any(faute.colonne in colonnes for faute in self.rendu.fautes)

    def _nom(self, situation: Situation) -> None:
        """Un numéro juste peut être celui d'un autre : les deux noms doivent avoir un mot en commun."""
        ecrit = str(self.lue.get("nom_esms", ""))
        mots, connus = ({m for m in normaliser(n).split() if len(m) > 2} for n in (ecrit, situation.esms.nom))
        if mots and connus and not mots & connus:
            self.rendu.avis.append(AUTRE_NOM.format(ecrit, situation.esms.nom))

    # --- l'état et ses dates ---------------------------------------------------------------------------------------

    def _reelles(self) -> dict[str, date]:
        return {e.value: jour for e in FRISE_PARCOURS if (jour := self.lue.get(f"date:{e.value}"))}

    def _constat(self, situation: Situation) -> None:
        """Un parcours sans histoire : son état se constate, avec les dates réelles de ses étapes."""
        if self._est_fautif("etat"):
            return
        vers, reelles = self.lue.get("etat", E.RECENSE.value), self._reelles()
        if vers == E.RECENSE:
            for etat in reelles:
                if etat == E.RECENSE:
                    self.rendu.avis.append(RECENSE_SANS_CONSTAT)
                else:
                    self.rendu.refuser(f"date:{etat}", DATE_SANS_ETAT)
            return
        self._noter("etat", situation.valeurs["etat"], vers)
        if vers == E.SORTI:
            self.rendu.avis.append(SORTIE_REPRISE.format(raison_de_sortie(self.base.grappe).label))
        self.rendu.reelles = reelles
        if de_cote := self.lue.get(f"date:{vers}"):
            self.rendu.reelles[vers] = de_cote
        elif not self._est_fautif(f"date:{vers}"):
            self.rendu.avis.append(SANS_DATE.format(E(vers).label.lower()))
        for etat, jour in self.rendu.reelles.items():
            self._noter(f"date:{etat}", situation.valeurs.get(f"date:{etat}"), jour)

    def _histoire(self, situation: Situation) -> None:
        """Un parcours qui a une histoire ne se reconstate pas : le même état ne change rien, un autre est une faute."""
        actuel = situation.valeurs["etat"]
        if self.lue.get("etat", actuel) != actuel:
            self.rendu.refuser("etat", ETAT_PAR_PASSAGE.format(E(actuel).label.lower()))
        for etat, jour in self._reelles().items():
            if situation.valeurs[f"date:{etat}"] != jour:
                self.rendu.refuser(f"date:{etat}", DATE_PAR_PASSAGE)

    def _prevues(self, situation: Situation) -> None:
        for etat in FRISE_PARCOURS:
            colonne = f"prevue:{etat.value}"
            if (jour := self.lue.get(colonne)) is None or jour == situation.valeurs[colonne]:
                continue
            if not situation.est_neuf and situation.valeurs[f"date:{etat.value}"]:
                self.rendu.avis.append(PREVUE_FRANCHIE.format(etat.label.lower()))
            else:
                self._noter(colonne, situation.valeurs[colonne], jour)

    # --- la fiche, la solution, les vérifications ------------------------------------------------------------------

    def _fiche(self, situation: Situation) -> None:
        for colonne in FICHE:
            if colonne in self.lue:
                self._noter(colonne, situation.valeurs[colonne], self.lue[colonne])

    def _solution(self, situation: Situation) -> None:
        if not (texte := str(self.lue.get("solution", ""))):
            return
        solution = self.base.solutions.get(normaliser(texte))
        if solution is None:
            self.plan.avertissements[SOLUTION_INCONNUE.format(texte[:60])] += 1
        elif situation.parcours is None:
            self.rendu.solution = solution
            self._noter("solution", "", solution.nom)
        elif situation.parcours.solution_id != solution.pk:
            self.rendu.avis.append(AUTRE_SOLUTION.format(solution.nom))

    def _verifications(self, situation: Situation) -> None:
        for code in TYPES:
            jour, issue = self.lue.get(f"{code}_date"), self.lue.get(f"{code}_issue")
            if jour is None:
                if issue:
                    self.rendu.avis.append(f"{COLONNES[f'{code}_date'].libelle} : {SANS_DATE_DE_PV}")
                continue
            constat = (jour, str(issue or IssueVerification.PRONONCEE))
            if constat in situation.verifications[code]:
                continue
            avant = situation.verifications[code][-1] if situation.verifications[code] else (None, "")
            self.rendu.verifications[code] = constat
            for suffixe, vu, lu in zip(("date", "issue"), avant, constat, strict=True):
                self.rendu.ecarts[f"{code}_{suffixe}"] = (vu, lu)

    # --- les personnes ---------------------------------------------------------------------------------------------

    def _personnes(self, situation: Situation) -> None:
        for qui in ROLES:
            nom = str(self.lue.get(f"{qui}_nom", "")).strip()
            courriel = str(self.lue.get(f"{qui}_courriel", "")).strip().lower()
            if (nom or courriel) and not self._est_fautif(f"{qui}_nom", f"{qui}_courriel"):
                self._personne(situation, qui, nom, courriel)

    def _personne(self, situation: Situation, qui: str, nom: str, courriel: str) -> None:
        tenues = situation.tenues[qui]
        if any(t.courriel == courriel if courriel else normaliser(t.nom) == normaliser(nom) for t in tenues):
            return
        libelle = COLONNES[f"{qui}_nom"].libelle
        propres = [t for t in tenues if not t.en_groupe]
        if not courriel:
            self.rendu.avis.append(f"{libelle} : {SANS_COURRIEL.format(nom)}")
        elif tenues and not propres:
            self.rendu.avis.append(f"{libelle} : {DE_GROUPE.format(tenues[0].nom)}")
        elif len(self.base.comptes.get(courriel, [])) > 1:
            self.rendu.avis.append(f"{libelle} : {PLUSIEURS_COMPTES.format(courriel)}")
        else:
            # Le nom du compte trouvé ne se montre pas : un courriel n'apprend pas qui le porte.
            personne = Personne(nom or courriel.split("@")[0], courriel)
            self.rendu.personnes[qui] = personne
            avant = liste(t.nom for t in propres)
            self.rendu.ecarts[f"{qui}_courriel"] = (avant, personne.en_clair)
