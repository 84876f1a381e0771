"""Un pays inventé, à l'échelle du vrai : de quoi mesurer, essayer et montrer sans une donnée réelle."""
