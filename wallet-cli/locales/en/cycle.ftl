# What the settlement operator and banks' clerks read of settlement between banks.

code-2070 = No cycle can have that number: it is the last one's and one.
code-2071 = The last cycle waits for banks to confirm it. Close the next one once it has ended.
code-2072 = No bank owes another anything, so there is nothing to settle.
code-2073 = There is no such cycle, or it ended long ago.
code-2074 = The cycle has ended.
code-2075 = Your bank has nothing to pay or to get in the cycle.
code-2076 = Your bank confirmed the cycle before.
code-6219 = There was no settlement cycle with this number.
code-6220 = The cycle ended long ago and is no longer kept here. The settlement operator and every bank that had something to pay or to get have it in their histories (kyojo history).

done-cycle-closed = The cycle is closed. It ends once the banks have paid outside and each has confirmed. (height { $height }, transaction { $transaction })
done-settlement-confirmed = Your bank's part is confirmed. (height { $height }, transaction { $transaction })
done-settlement-failed = The cycle ended as failed. Nothing moved; what was to be paid goes into the next cycle. (height { $height }, transaction { $transaction })

err-cycle-waits = Cycle { $cycle } waits for banks to confirm it. How it stands: kyojo bank cycle show { $cycle }

label-cycle = Cycle
label-cycle-cause = Why
label-cycle-cause-disputed = a bank disputes the amounts
label-cycle-cause-mistake = it was closed by mistake
label-cycle-cause-outside-system = the outside system could not be used
label-cycle-cause-unpaid = a bank did not pay
label-cycle-close = Cycle to close
label-cycle-closed-at = Closed
label-cycle-confirm = Cycle to confirm
label-cycle-confirmed = Confirmed
label-cycle-ended-at = Ended
label-cycle-fail = Cycle to end
label-cycle-failed = failed
label-cycle-payment = To be paid outside
label-cycle-payment-now = To be paid outside as of now
label-cycle-pays = { $from } to { $to }: { $amount }
label-cycle-reference = Reference outside
label-cycle-settled = settled
label-cycle-state = State
label-cycle-unpaid = Not paid
label-cycle-waiting = waits for banks ({ $confirmed } of { $banks } confirmed)
label-kind-cycle-closed = settlement cycle closed
label-kind-cycle-confirmed = own part of a settlement confirmed
label-kind-cycle-failed = settlement failed
label-kind-cycle-settled = settlement done
label-kind-cycle-to-get = settlement cycle closed (to get)
label-kind-cycle-to-pay = settlement cycle closed (to pay)
label-not-yet = not yet

note-no-cycles = There is no settlement cycle yet.
