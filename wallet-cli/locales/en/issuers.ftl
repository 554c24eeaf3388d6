# What is said of prepaid issuers and of the accounts that cover what they owe.

code-2040 = This account covers what a prepaid issuer owes its customers. Only what is more than that may leave it.
code-2041 = The issuer's covering account has too little. Pay money into it first, then issue.
code-2042 = Prepaid value pays shops and other prepaid accounts. By law it is not paid back as money.
code-2043 = The account that covers a prepaid issuer's debt neither pays into prepaid accounts nor is a shop.
code-2044 = A prepaid issuer keeps accounts of people alone, not of businesses.
code-2045 = A shop's account is at a bank.
code-2046 = A prepaid issuer owes no other bank anything, so it has no cap.
label-cover = Cover
label-deposits = Deposits
label-float = Covering account
label-float-available = Available in it
label-issuer = Prepaid issuer
label-prepaid = Prepaid value
note-counted-twice = Prepaid value is covered by deposits, so that the total counts this yen twice.
