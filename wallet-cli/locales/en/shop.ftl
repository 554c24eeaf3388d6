# Shops: the code that they show, and paying by it.

done-code-written = The code is in { $path }. Print it in black on white.

err-bad-latin = "{ $text }" cannot stand in a code: at most { $count } letters A to Z, digits and signs.
err-code-not-ours = This code belongs to another way of paying. Nothing was paid. { $technical }
err-code-not-whole = A part of the code is missing or wrong. Copy all of it again, between two ' signs. Nothing was paid. { $technical }
err-code-other-amount = The code asks for { $asked }, and you wrote { $said }. Nothing was paid.
err-code-other-network = The code is another network's. Nothing was paid.
err-code-other-zone = The code is for zone { $zone }, and you wrote zone { $said }. Nothing was paid.
err-code-unwritten = The code cannot be made: { $technical }
err-no-amount = How much? Write the amount behind the shop, such as 850 or 1,200円.
err-not-merchant = This account takes no payments in { $zone }. Ask whoever runs the zone to register it.

label-name-in-code = Name in the code

note-show-code = People pay you by this code in { $zone }.
