# The first day, and the day of a restore: settings, passwords, recovery words, opening codes, dangers.

ask-which-word = Which word is to be corrected (its number)

done-config-to-fill-in = A template of the configuration was written: { $path } . Open it, put your node's URL on the line # node =, and take away the "# " before it.
done-config-written = The configuration was written: { $path }

err-opening-code-key = No account can be opened for this code's key. Ask its owner to show the code again: kyojo wallet code
err-opening-code-letters = A letter of the opening code is wrong, missing or too many. Compare it once more.
err-opening-code-of-other-network = The opening code is of another network. Ours: { $ours }, the code's: { $theirs }
err-opening-code-other = This is no opening code. Opening codes begin with kyojokey1; their owners see them with: kyojo wallet code
err-config-exists = There is a configuration already; it was not changed: { $path }
err-no-node = No node is set, and none is at { $url }. Your city or bank says which URL to use. Set it in one of three ways: kyojo init --node URL (makes { $config }), --node URL with each command, or the variable KYOJO_NODE.

label-config = The wallet's configuration.
label-config-ca-file = Certificates (PEM) that may vouch for an https node
label-config-file = The configuration file:
label-config-lang = Language of texts: ja, en
label-config-node = URL of the node, as your city or bank says
label-config-time-zone = The time zone of what is shown and typed, where it is not that of Japan
label-config-order = Options of a command come first, then the environment (KYOJO_NODE), then this file.
label-config-use = Take away the "# " before a line to use it.
label-config-wallet = The wallet that is used by default
label-config-zone = The zone in which payments are made where nothing says otherwise: its number or its name
label-consents-found = { $count } ({ $standing } in force)
label-knowing-you = Who knows you
label-none-found = none found
label-of-consents = Consents

note-account-found = This wallet's account was found: { $address }
note-as-looked = (when last looked at, { $at })
note-code-of-no-network = No node could be asked, so that this code names no network. It can be used as it is.
note-finding = Looking for what belongs to the recovery words.
note-found-nothing-yet = The wallet was made. What belongs to it could not be looked for yet. { $why } Later: kyojo wallet find
note-frozen-both = Until { $until } no money can leave your account or come in. Ask your bank why.
note-frozen-in = Until { $until } no money can come into your account. Ask your bank why.
note-frozen-out = Until { $until } no money can leave your account. Ask your bank why.
note-give-code = To have an account opened, show your bank this code, the text or the picture. It holds no name and no secret.
note-guardian-acting = Until { $until } somebody else ({ $guardian }) may decide for you about consents towards { $who }. Unless you know of it, end it at any time: { $command }
note-guardian-pending = A counter entered that somebody else ({ $guardian }) may decide for you about consents towards { $who }, from { $from } until { $until }. Unless you know of it, end it before it begins: { $command }
note-new-password = First choose a password of at least { $least } characters.
note-not-found = References of payments are not on the ledger and do not come back from the words. They are in the folder { $folder } of the machine before.
note-not-looked = Whether anything stands against your account or consents could not be checked now.
note-password-wrong = The password is wrong. Once more.
note-recovery-of-account = A bank proposed other keys for your account; they can take over from { $from }. Unless you know of it, refuse before that: { $command }
note-recovery-of-subject = A counter proposed another key for your consents towards { $who }; it can take over from { $from }. Unless you know of it, refuse before that: { $command }
note-recovery-stolen = Your keys were reported stolen, and others can take over from { $from }. If that is wrong, go to a counter of another organisation than the one that entered it before that.
note-terms-elsewhere = The terms of { $count } consents are not on this machine, nor on the ledger. You see to whom, until when and how often they were used, and you can end them. For their terms copy the folder { $folder } of the machine before to the same place here, or ask the institutions.
note-type-words = Type the recovery words as you wrote them down, in order: one by one, or many at once. After the last one press Enter without a word.
note-word-differs = Word { $place } is another one. Look at your paper and type it once more. Press Enter without a word to see the words again.
note-word-near = Word { $place }, "{ $word }", is in no list. Words like it: { $near }
note-word-unknown = Word { $place }, "{ $word }", is in no list. Look at your paper once more.
note-words-do-not-fit = Each word is in the list, but they do not fit together. Compare them with your paper and type the number of the one that is wrong.
note-words-go-on = If these are not all of them, press Enter without a number and go on typing.
note-words-so-far = That is { $count } so far. Recovery words are 12, 15, 18, 21 or 24. If these are all, press Enter; if not, go on.
