"""A workbook written anew from what is known to be safe of it; everything else is left behind and named."""
