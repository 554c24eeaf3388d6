# 店: 見せるコードと、それで支払うとき。

done-code-written = コードの絵を { $path } に書きました。白い紙に黒で印刷してください。

err-bad-latin = 「{ $text }」はコードに書けません。ローマ字と数字で { $count } 字まで書いてください。
err-code-not-ours = これは、ほかの支払い方法のコードです。支払っていません。
err-code-not-whole = コードの文字が足りないか、まちがっています。コードをぜんぶ、' と ' のあいだに写してください。支払っていません。
err-code-other-amount = コードの金額は { $asked } ですが、{ $said } と書いてあります。支払っていません。
err-code-other-network = このコードは別のネットワークのものです。支払っていません。
err-code-other-zone = コードはゾーン { $zone } のものですが、ゾーン { $said } と書いてあります。支払っていません。
err-code-unwritten = コードを作れません。店の名前を短くしてください。
err-no-amount = 金額がありません。店のあとに、850 や 1,200円 のように書いてください。
err-not-merchant = この口座は、{ $zone } でお金を受け取れません。ゾーンの運営者に登録を頼んでください。

label-name-in-code = コードにある名前

note-show-code = お客さまは、このコードで { $zone } で支払えます。
