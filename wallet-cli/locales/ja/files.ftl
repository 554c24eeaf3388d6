# 人がわたすファイル、標準出力、アドレスの形

err-not-text = { $place } の文字が読めません。ファイルを UTF-8 で保存して、もう一度お試しください。
err-not-one-encoding = { $place } の文字が、2 とおりに読めてしまいます。ファイルを UTF-8 で保存して、もう一度お試しください。
err-not-whole-text = { $place }: 文字のファイルではないか、とちゅうで切れています。UTF-8 で保存して、もう一度お試しください。
err-file-too-large = { $path } が大きすぎます。このファイルは { $most } キロバイトまでです。
err-unwritten = 終わりましたが、結果を書き出せませんでした。ディスクがいっぱいではありませんか。もう一度行う必要はありません。
err-words-not-shown = 言葉を画面に出せませんでした。画面のある端末で、もう一度行ってください。
err-address-network = 「{ $text }」は別のネットワークのアドレスです。{ $theirs } で始まっていますが、ここのアドレスは { $ours } で始まります。
err-address-length = 「{ $text }」の文字の数が合いません。32 文字のところが { $count } 文字です。アドレスの全体をもう一度写してください。
label-exit-unwritten = 終わったが、結果を書き出せなかった
code-6013 = アドレスの長さが正しくありません。
code-6014 = 依頼に、行き先の名前がないか、2 つ以上あります。
done-trust = { $path } に書きました。ネットワーク { $genesis } の証明を、{ $time } の時点として確かめるもとです。
note-proved-consent-expired = 本人 { $subject } は、事業者 { $party } の説明文 { $notice }（第 { $version } 版）に、{ $from } から { $until } まで同意していました。同意 { $consent } の期間が終わっています（{ $block }の時点の記録）。
