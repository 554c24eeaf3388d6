# Files that people give, what standard output takes, and the form of addresses.

err-not-text = { $place } is no text that this program reads. Save the file as UTF-8 and try again.
err-not-one-encoding = { $place }: the text could be Shift_JIS or EUC-JP. Save the file as UTF-8 and try again.
err-not-whole-text = { $place }: the file is no text, or not a whole one. Save it as UTF-8 and try again.
err-file-too-large = { $path } is too large. Such a file may have { $most } KiB.
err-unwritten = It is done, but the result could not be written to standard output. Is a disk full? Nothing needs to be done again.
err-words-not-shown = The words could not be shown. Run the command again in a terminal.
err-address-network = "{ $text }" is an address of another network: it begins with { $theirs }, here they begin with { $ours }.
err-address-length = "{ $text }" has { $count } characters where an address has 32. Copy the whole address again.
label-exit-unwritten = done, but the result could not be written
code-6013 = The address does not have the length of one.
code-6014 = The request does not name its host once.
done-trust = Written to { $path }: what proofs of network { $genesis } are verified by, as of { $time }.
note-proved-consent-expired = Data subject { $subject } had consented to what notice { $notice } (version { $version }) of party { $party } says, from { $from } until { $until }: its time was over; so the ledger said of consent { $consent } after { $block }.
