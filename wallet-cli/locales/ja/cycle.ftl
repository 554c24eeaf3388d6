# 銀行どうしの清算について、清算の係と銀行の係が読む文。

code-2070 = その番号の清算は始められません。番号は、前の清算の次の数です。
code-2071 = 前の清算が、まだ銀行の確認を待っています。終わってから、次を始めてください。
code-2072 = 銀行どうしで払うお金がないので、清算はいりません。
code-2073 = その番号の清算はありません。または、終わってから日がたっています。
code-2074 = その清算は、もう終わっています。
code-2075 = あなたの銀行は、その清算で払うお金も受け取るお金もありません。
code-2076 = あなたの銀行は、その清算をもう確認しています。
code-6219 = その番号の清算はありません。
code-6220 = その清算は終わってから日がたったので、ここにはありません。清算を行う者と、払うお金か受け取るお金があった銀行それぞれの履歴（kyojo history）で見られます。

done-cycle-closed = 清算を始めました。銀行が外で払い、それぞれ確認すると終わります。（高さ { $height }、取引 { $transaction }）
done-settlement-confirmed = あなたの銀行の分を確認しました。（高さ { $height }、取引 { $transaction }）
done-settlement-failed = 清算を終わりにしました。お金は動いていません。払うはずだったお金は、次の清算に入ります。（高さ { $height }、取引 { $transaction }）

err-cycle-waits = 清算 { $cycle } が、まだ銀行の確認を待っています。ようすを見るには: kyojo bank cycle show { $cycle }

label-cycle = 清算の番号
label-cycle-cause = 終わりにするわけ
label-cycle-cause-disputed = 銀行が、金額がちがうと言っている
label-cycle-cause-mistake = まちがえて始めた
label-cycle-cause-outside-system = 外の決済のしくみが使えない
label-cycle-cause-unpaid = 銀行が払わなかった
label-cycle-close = 始める清算
label-cycle-closed-at = 始めた時
label-cycle-confirm = 確認する清算
label-cycle-confirmed = 確認
label-cycle-ended-at = 終わった時
label-cycle-fail = 終わりにする清算
label-cycle-failed = 払われないまま終わった
label-cycle-payment = 外で払うお金
label-cycle-payment-now = 今なら外で払うお金
label-cycle-pays = { $from } から { $to } へ { $amount }
label-cycle-reference = 外の決済の番号
label-cycle-settled = 払い終わった
label-cycle-state = ようす
label-cycle-unpaid = 払われなかったお金
label-cycle-waiting = 銀行の確認を待っている（{ $banks } 行のうち { $confirmed } 行が確認）
label-kind-cycle-closed = 銀行どうしの清算を開始
label-kind-cycle-confirmed = 清算の自分の分を確認
label-kind-cycle-failed = 清算が払われないまま終わった
label-kind-cycle-settled = 清算が完了
label-kind-cycle-to-get = 清算を開始（受け取る）
label-kind-cycle-to-pay = 清算を開始（払う）
label-not-yet = まだ

note-no-cycles = 清算は、まだありません。
