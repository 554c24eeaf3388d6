# Texts on days and times, and on why something did not work.

err-bad-time-zone = There is no time zone “{ $text }”. Write it like Asia/Tokyo, UTC or +09:00.
err-day-only = “{ $text }” has a time. Write the day alone here, like 2027/3/31.
err-empty-period = There is no day from { $from } to { $to }.
err-no-such-day = There is no day “{ $text }”: month { $month } of { $year } has { $last } days.
err-no-such-month = There is no day “{ $text }”: months go from 1 to 12, and { $month } is none.
err-no-such-time = There is no time “{ $text }”: hours go from 0 to 24, minutes from 0 to 59.
err-not-of-era = “{ $text }” is no day of that era. Write it like 2027/3/31.
err-other-zone = “{ $text }” is the time of another zone. Write the time of { $zone }, like 2027/3/31 18:00.
err-time-needed = “{ $text }” has no time. Write it like 2027/3/31 18:00.

label-end-of-day = the end of { $day }
label-env-time-zone = Time zone of texts, where it is not Japan's
label-japan = Japan

label-io-bad-name = this name cannot be used
label-io-broken-off = reading or writing broke off
label-io-busy = another program uses it
label-io-cut = the file ends too early
label-io-full = no space is left
label-io-is-a-folder = it is a folder
label-io-nobody-reads = nobody reads the output
label-io-not-a-folder = something on the way to it is no folder
label-io-not-allowed = it may not be read or written
label-io-not-empty = the folder is not empty
label-io-not-found = it is not there
label-io-not-text = it is not text
label-io-other = it cannot be read or written (number { $number })
label-io-read-only = nothing can be written there
label-io-there-already = it is there already
label-io-too-large = it is too large
label-net-broken-off = the connection broke off
label-net-in-time = no answer in time
label-net-no-address = the address cannot be used
label-net-no-way = there is no way to it
label-net-not-trusted = the connection is not safe
label-net-nothing-there = nothing runs there
label-net-other = no connection


err-digits-ambiguous = More than one transaction ends with { $digits }. Give more of its number.{"\u000A"}{ $lines }
err-no-such-digits = None of the newest { $count } entries of this account has a transaction that ends with { $digits }.

label-bank-numbered = Bank { $bank }
label-hidden = not shown to you
label-not-done = { $what } { $amount }: not done (code { $code })
label-not-known = not known
label-reference = Reference
label-reference-closed = there is one, but this wallet does not have its text
label-reference-none = none
label-way-both = money out and in
label-way-in = money in
label-way-out = money out

note-no-older = Nothing is older than that.
note-not-all-searched = The newest { $count } entries were searched. Whether there are more before them is not known.

label-not-named = not named

note-consents-unread = The ledger does not show how these consents stand now: { $consents }
note-no-known-consents = This wallet knows of no consent. Whether there are others is not known; to look for them: kyojo consent ls --search
note-no-readable-wallets = There is no wallet that can be read.
note-uses-not-known = This wallet knows of no consent, so whether anybody used your data is not known. To look for consents: kyojo consent ls --search
note-wallet-unread = { $path } cannot be read as a wallet. What it holds is not known.

label-role-auditor = auditor
label-role-controller = controller
label-role-counter = counter
label-role-emergency = emergency
label-role-joint-user = joint user
label-role-processor = processor
label-role-recipient = recipient
label-versioned = { $number } v{ $version }
label-around = around { $word }
