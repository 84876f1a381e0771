"""Valeurs closes d'une grappe et de ses vérifications."""

from django.db.models import TextChoices


class EtatGrappe(TextChoices):
    """États d'une grappe."""

    MONTAGE = "montage", "Montage"
    DEPOSEE = "deposee", "Déposée"
    CONVENTIONNEE = "conventionnee", "Conventionnée"
    CONSULTATION = "consultation", "Consultation"
    MODELE_COMMUN = "modele_commun", "Modèle commun"
    PILOTE = "pilote", "Pilote"
    DEPLOIEMENT = "deploiement", "Déploiement"
    MESURE_DES_USAGES = "mesure_usages", "Mesure des usages"
    SOLDEE = "soldee", "Soldée"
    NON_RETENUE = "non_retenue", "Non retenue"
    SUSPENDUE = "suspendue", "Suspendue"
    RESILIEE = "resiliee", "Résiliée"


FRISE_GRAPPE = (
    EtatGrappe.MONTAGE,
    EtatGrappe.DEPOSEE,
    EtatGrappe.CONVENTIONNEE,
    EtatGrappe.CONSULTATION,
    EtatGrappe.MODELE_COMMUN,
    EtatGrappe.PILOTE,
    EtatGrappe.DEPLOIEMENT,
    EtatGrappe.MESURE_DES_USAGES,
    EtatGrappe.SOLDEE,
)


class TypeVerification(TextChoices):
    """Vérifications contractuelles de la solution."""

    VA = "va", "Vérification d'aptitude (VA)"
    VSR = "vsr", "Vérification de service régulier (VSR)"


class IssueVerification(TextChoices):
    """Issue d'une vérification."""

    PRONONCEE = "prononcee", "Prononcée"
    AVEC_RESERVES = "avec_reserves", "Prononcée avec réserves"
    AJOURNEE = "ajournee", "Ajournée"
    REJETEE = "rejetee", "Rejetée"
