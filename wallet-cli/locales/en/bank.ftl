# What a bank's clerks read, and what holders read of what the bank does.

done-redeem-claimed = The request is claimed: until { $until } nobody can take it back. Pay, and settle it before then. (height { $height }, transaction { $transaction })
done-redeem-released = The request is released: its holder can take it back again. (height { $height }, transaction { $transaction })
label-kind-redeem-claimed = pay-out claimed by the bank
label-kind-redeem-released = pay-out released by the bank
label-redeem-cancelled = cancelled
label-redeem-claim = Claim request
label-redeem-claim-lapsed = open (claimed until { $until })
label-redeem-claimed-until = claimed until { $until }
label-redeem-lapsed = lapsed
label-redeem-open = open
label-redeem-release = Release request
label-redeem-settled = settled
label-redeem-state = State
note-redeem-claimed = Your bank is paying this out. It cannot be taken back before { $until }. To stop it, talk to your bank.
note-redeem-claimed-already = It is claimed until { $until } already. Do not pay: a colleague may have.
code-2034 = The bank is paying the request out and claimed it. Until the claim ends, or the bank releases it, it can neither be taken back nor claimed again.
code-2035 = The request is not claimed. Claim it before you pay: kyojo bank redeem claim.
code-2036 = A claim ends ahead of now, by at most 7 days, and not after the request lapses.
code-6213 = The bank did not use this entry of the core banking system.
err-no-core-reference = The entry of the core banking system is missing: there is nothing in it that can be seen.
err-row-reference-twice = The entry { $reference } stands in a row before. Each row has an entry of its own.
label-act-issue-file = issues to accounts from a file
label-core-reference = Core banking entry
note-reference-used = This entry was used on { $at }: { $amount } to { $to }.
