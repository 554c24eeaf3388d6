# 銀行の係が読む文と、銀行がしたことについて利用者が読む文。

done-redeem-claimed = この依頼を払うと決めました。{ $until } までは、だれも取り消せません。それまでにお金をわたして、完了にしてください。（高さ { $height }、取引 { $transaction }）
done-redeem-released = この依頼を元にもどしました。利用者は、また取り消せます。（高さ { $height }、取引 { $transaction }）
label-kind-redeem-claimed = 銀行が払い戻しの用意
label-kind-redeem-released = 銀行が払い戻しの用意をやめた
label-redeem-cancelled = 取消し
label-redeem-claim = 払う依頼
label-redeem-claim-lapsed = 待っている（用意は { $until } まで）
label-redeem-claimed-until = { $until } まで用意中
label-redeem-lapsed = 期限切れ
label-redeem-open = 待っている
label-redeem-release = 元にもどす依頼
label-redeem-settled = 完了
label-redeem-state = ようす
note-redeem-claimed = 銀行が、このお金を払う用意をしています。{ $until } までは取り消せません。やめたいときは、銀行に話してください。
note-redeem-claimed-already = この依頼は、もう { $until } まで払う用意がされています。お金をわたさないでください。ほかの係が払っているかもしれません。
code-2034 = 銀行が、この依頼を払う用意をしています。その期限が過ぎるか、銀行がやめるまでは、取り消すことも、もう一度払うと決めることもできません。
code-2035 = この依頼は、まだ払うと決められていません。お金をわたす前に、kyojo bank redeem claim で決めてください。
code-2036 = 払う期限は、今より後で、7 日以内、そして依頼の期限までにしてください。
code-6213 = この記帳番号は、使われていません。
err-no-core-reference = 勘定系の記帳番号がありません。目に見える文字がひとつもありません。
err-row-reference-twice = 記帳番号 { $reference } は、前の行にもあります。行ごとに、ちがう番号にしてください。
label-act-issue-file = ファイルにある発行をまとめて行う
label-core-reference = 勘定系の記帳番号
note-reference-used = この番号は { $at } に使われています。{ $to } に { $amount } を発行しました。
