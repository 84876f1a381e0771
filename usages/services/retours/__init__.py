"""Les retours de terrain. Par où commencer :

- recevoir : `depot` garde un retour une seule fois ; `capture` lit ce qu'envoie une page sans compte, `photos` refait
  l'image, `debit` borne les envois, `liens` donne les adresses, `suivi` rend une réponse à qui garde son code.
- traiter : `tableau` et `lecture` montrent, `proches` rapproche, `traitement` écrit, `gestes` par lot.
- en tirer autre chose : `suites` écrit la trace, `natures` dit comment naît chaque objet, `verbatims`.
- répondre : `reponses` montre ce qui est public, `soutiens` compte les « nous aussi », `prevenir` l'apprend à l'auteur.
- apprendre : `enseignements` et `lecture_enseignements`, `pratiques` ; `croisements`, quand deux personnes écrivent.
- regarder ensemble : `themes`, `dus` (ce que doit l'éditeur), `saturation` ; `comite` et `seance` en font
  un dossier, `emporter` une table.
"""
