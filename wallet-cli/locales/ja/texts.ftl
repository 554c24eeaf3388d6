# 日時と、うまくいかないわけについて人が読む文。

err-bad-time-zone = 「{ $text }」という時間帯はありません。Asia/Tokyo、UTC、+09:00 のように書いてください。
err-day-only = 「{ $text }」には時刻が付いています。ここでは 2027/3/31 のように、日だけを書いてください。
err-empty-period = { $from } から { $to } までには、1 日もありません。
err-no-such-day = 「{ $text }」という日はありません。{ $year }年{ $month }月は { $last }日までです。
err-no-such-month = 「{ $text }」という日はありません。月は 1 から 12 までで、{ $month }月はありません。
err-no-such-time = 「{ $text }」という時刻はありません。時は 0 から 24、分は 0 から 59 までです。
err-not-of-era = 「{ $text }」は、その元号の日ではありません。西暦で 2027/3/31 のように書いてください。
err-other-zone = 「{ $text }」は、ほかの時間帯の時刻です。{ $zone }の時刻を 2027/3/31 18:00 のように書いてください。
err-time-needed = 「{ $text }」には時刻がありません。2027/3/31 18:00 のように書いてください。

label-end-of-day = { $day } の終わり
label-env-time-zone = 日本でない時間帯で見せるとき、その名前
label-japan = 日本

label-io-bad-name = この名前は使えません。
label-io-broken-off = 読み書きが途中で止まりました。
label-io-busy = ほかのプログラムが使っています。
label-io-cut = ファイルが途中で終わっています。
label-io-full = 書きこむ場所に空きがありません。
label-io-is-a-folder = ファイルではなく、フォルダーです。
label-io-nobody-reads = 出力の受け取り手がいません。
label-io-not-a-folder = 途中に、フォルダーではないものがあります。
label-io-not-allowed = 読み書きすることが許されていません。
label-io-not-empty = フォルダーの中にまだ何かあります。
label-io-not-found = 見つかりません。
label-io-not-text = 文字のファイルではありません。
label-io-other = 読み書きできません（機械の番号 { $number }）。
label-io-read-only = ここには書きこめません。
label-io-there-already = もうあります。何も変えていません。
label-io-too-large = 大きすぎます。
label-net-broken-off = つながりが途中で切れました。
label-net-in-time = 時間内に答えがありませんでした。
label-net-no-address = その番地は使えません。
label-net-no-way = そこまでの道がありません。この機械がネットワークにつながっているか、確かめてください。
label-net-not-trusted = 安全につなげません。証明書が信頼できないか、安全なつなぎ方をしない相手です。
label-net-nothing-there = その場所では、何も動いていません。
label-net-other = つながりません。場所の書き方を確かめてください。


err-digits-ambiguous = 末尾が { $digits } の取引がいくつもあります。番号をもう少し長く書いてください。{"\u000A"}{ $lines }
err-no-such-digits = 末尾が { $digits } の取引は、この口座の新しい方から { $count } 件にありません。

label-bank-numbered = 銀行 { $bank }
label-hidden = 見られません
label-not-done = { $what } { $amount }: できませんでした（番号 { $code }）
label-not-known = 分かりません
label-reference = 覚え書き
label-reference-closed = ありますが、内容はこのウォレットにありません
label-reference-none = なし
label-way-both = お金を出すことと入れること
label-way-in = お金を入れること
label-way-out = お金を出すこと

note-no-older = これより前のものはありません。
note-not-all-searched = 新しい方から { $count } 件をさがしました。それより前にもあるかは分かりません。

label-not-named = 指定なし

note-consents-unread = 台帳が見せないので、今どうなっているか分からない同意があります: { $consents }
note-no-known-consents = このウォレットが知っている同意はありません。ほかにあるかは分かりません。さがすには: kyojo consent ls --search
note-no-readable-wallets = 読めるウォレットがありません。
note-uses-not-known = このウォレットは同意を一つも知らないので、だれかが使ったかは分かりません。さがすには: kyojo consent ls --search
note-wallet-unread = { $path } はウォレットとして読めません。中に何があるかは分かりません。

label-role-auditor = 監査人
label-role-controller = 情報の責任者
label-role-counter = 窓口
label-role-emergency = 救急
label-role-joint-user = いっしょに使うところ
label-role-processor = 情報の扱いをまかされたところ
label-role-recipient = 情報を受け取るところ
label-versioned = { $number }（第 { $version } 版）
label-around = 「{ $word }」のあたりの
