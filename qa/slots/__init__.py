"""Slot filling and its inverse: how a translation that lost its numbers is read back.

Some publishing plugins take the numbers out of the source before translation and lay them, in source order and as
printed there, into the runs of digits that the translation has.  Where the translation writes one source number in
several runs ("50 000" for "50mila", "15h14" for "15.14") all later numbers stand too far right, and the last runs
stay empty and print `XNUMX`.  The printed numbers of a block, read in order, are therefore the numbers of the
source, and a repair cuts the block's slots into as many groups as there are printed numbers, one for each in order.

`tokens` finds the slots, `joins` says what may stand between two slots of one number, `shapes` how one number fills
a group, `assign` searches the assignments.  The mechanism was read off published pages; no other tool undoes it.
"""
