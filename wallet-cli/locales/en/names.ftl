# Names: the public directory, the own address book, choosing by name.

done-book-added = { $name } is in your address book: { $address }
done-book-removed = { $name } is out of your address book: { $address }
done-book-renamed = Your address book calls them { $name } now: { $address }
done-directory-signed = The signed directory is in { $path }. Give it to whoever runs the node.
done-directory-taken = The directory is here. It has { $count } names. (No. { $serial }, until { $until })

err-bad-name = "{ $text }" cannot be a name: at most 64 characters, all of which can be seen.
err-bad-reading = "{ $text }" cannot be a reading: at most 64 characters of kana.
err-bad-web = "{ $text }" cannot be a web address: it begins with https:// and has at most 200 characters.
err-directory-form = The file does not have the form of a directory. It was not taken.
err-directory-keys = The node names other signers than before. Its directory is not used. Ask the city or the operator. With the genesis document: kyojo directory import FILE --genesis FILE
err-directory-late = The node did not give it in time. To take it at leisure: kyojo directory fetch
err-directory-not-signer = The key of wallet { $wallet } does not sign directories of this network.
err-directory-older = This directory (no. { $theirs }) is not newer than the one that is here (no. { $ours }). It was not taken.
err-directory-other-key = Neither the city nor the operator signed this directory. It was not taken.
err-directory-other-network = The directory is another network's. It was not taken.
err-directory-signature = The directory's signature does not verify; it may have been changed on the way. It was not taken.
err-directory-pins = { $path }, which says who signs the directory of names, cannot be read. With the genesis document: kyojo directory import FILE --genesis FILE
err-directory-serial = No. { $serial } is not possible: wallets take a number above { $highest }, and it is { $most } at most. Nothing was signed.
err-in-book = "{ $name }" is, or looks like, "{ $other }" in your address book. Take another name.
err-list = { $count } things are wrong for a directory. It was not signed.{ $lines }
err-list-columns = { $columns } columns are expected, and there are { $found }.
err-list-heading = The first line names the columns: kind, name, number; reading, zone, area and web may be there too.
err-list-kind = There is no kind "{ $text }": it is bank, zone, party, counter or shop.
err-list-long = There are { $count } names, and 20,000 at most.
err-list-look-alike = "{ $name }" and "{ $other }" cannot be told apart. Change one of them.
err-list-mixed = "{ $name }" mixes alphabets that are not written together.
err-list-no-zone = There are several zones. Write the number of the one in which the shop takes payments.
err-list-number = "{ $text }" is not a number.
err-list-same-name = "{ $name }" and "{ $other }" are one name.
err-list-same-named = "{ $name }" and "{ $other }" are one and the same.
err-list-validity = A directory is good for at most 366 days from its issue.
err-list-zones = The zones of "{ $name }" are not right.
err-name-near = Nobody is called "{ $text }". Nothing was done. { $count } names are near; write one of them as it stands.{ $lines }
err-name-not-on-ledger = { $name } stands in the directory, but not so on the ledger. Nothing was done. Ask the city or the operator.
err-name-several = "{ $text }" may be any of { $count }. Nothing was done. Write one of these names or addresses as it stands.{ $lines }
err-name-unknown = Nobody is known as "{ $text }". Public names: kyojo directory ls  Your own: kyojo book add NAME ADDRESS
err-no-address = "{ $text }" is no address.
err-no-directory = This node has no directory of names.
err-no-directory-keys = Nobody signs directories of names for this network.
err-not-in-book = "{ $text }" is not in your address book.
err-which-zone = There are several zones. Choose one with --zone NUMBER or --zone NAME. Nothing was done.{ $lines }

label-act-sign-directory = Sign a directory of names
label-area = Area
label-how-read = Reading
label-name-own = { $name } [your address book]
label-name-public = { $name } [public directory]
label-party-public = { $name } (no. { $party }, public directory)
label-reading = ({ $reading })
label-zone-named = { $name } (zone { $zone })

note-book-empty = Nobody is in your address book yet.
note-book-unread = Your address book is not used. { $reason } Mend the file, or move it away and begin anew with: kyojo book add NAME ADDRESS
note-directory-expired = The directory of names has ended and is not used. For a new one: kyojo directory fetch
note-directory-not-taken = The new directory of names is not used. { $reason }
note-directory-unread = The directory of names in { $path } is not used. { $reason } For a new one: kyojo directory fetch
note-institutions-unread = The list of institutions is not used. { $reason } For a new one: kyojo consent directory FILE
note-keys-unread = The directory of names is not used. { $reason }
note-left-out = … and { $count } more
note-list-sound = The directory is sound. It has { $count } names.
note-no-names = No public name has this in it.

code-6214 = This node has no directory of names.
