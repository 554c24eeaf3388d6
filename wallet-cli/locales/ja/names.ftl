# 名前: 公開名簿、自分の住所録、名前で選ぶとき。

done-book-added = { $name } を住所録に書きました: { $address }
done-book-removed = { $name } を住所録から消しました: { $address }
done-book-renamed = 住所録の名前を { $name } に変えました: { $address }
done-directory-signed = 署名した公開名簿を { $path } に書きました。ノードを動かす人に渡してください。
done-directory-taken = 公開名簿を受け取りました。{ $count } 件の名前があります。（第 { $serial } 号、{ $until } まで）

err-bad-name = 「{ $text }」は名前にできません。目に見える文字で 64 字まで書いてください。
err-bad-reading = 「{ $text }」は読みがなにできません。ひらがなかカタカナで 64 字まで書いてください。
err-bad-web = 「{ $text }」はウェブのアドレスにできません。https:// で始まる 200 字までのものを書いてください。
err-directory-form = ファイルは公開名簿の形ではありません。受け取っていません。
err-directory-keys = ノードの言う署名者が、前に知ったものとちがいます。このノードの公開名簿は使いません。市役所か運営者にたしかめてください。正しい創始文書があれば: kyojo directory import 名簿のファイル --genesis 創始文書のファイル
err-directory-late = ノードからの返事が間に合いませんでした。時間をかけて受け取るには: kyojo directory fetch
err-directory-not-signer = ウォレット { $wallet } のかぎは、このネットワークの公開名簿に署名するかぎではありません。
err-directory-older = この公開名簿（第 { $theirs } 号）は、いまあるもの（第 { $ours } 号）より新しくありません。受け取っていません。
err-directory-other-key = 公開名簿に署名したのは、市役所でも運営者でもありません。受け取っていません。
err-directory-other-network = 公開名簿は別のネットワークのものです。受け取っていません。
err-directory-signature = 公開名簿の署名が合いません。途中で書きかえられたかもしれません。受け取っていません。
err-directory-pins = 公開名簿にだれが署名するかを書いたファイル { $path } を読めません。正しい創始文書があれば: kyojo directory import 名簿のファイル --genesis 創始文書のファイル
err-directory-serial = 第 { $serial } 号にはできません。番号は { $highest } より大きく、{ $most } までにしてください。署名していません。
err-in-book = 「{ $name }」は、住所録の「{ $other }」と同じか、見分けがつかない名前です。ほかの名前を付けてください。
err-list = 公開名簿にできない点が { $count } 件あります。署名していません。{ $lines }
err-list-columns = { $columns } 列のはずですが、{ $found } 列あります。
err-list-heading = 1 行目に列の名前を書いてください: 種類、名前、番号。ほかに、よみ、ゾーン、地域、ウェブも使えます。
err-list-kind = 「{ $text }」という種類はありません。銀行、ゾーン、事業者、窓口、店のどれかを書いてください。
err-list-long = 名前が { $count } 件あります。20,000 件までです。
err-list-look-alike = 「{ $name }」と「{ $other }」は見分けがつきません。どちらかの名前を変えてください。
err-list-mixed = 「{ $name }」には、ちがう国の文字がまざっています。
err-list-no-zone = ゾーンがいくつもあります。店がお金を受け取るゾーンの番号を書いてください。
err-list-number = 「{ $text }」は番号ではありません。
err-list-same-name = 「{ $name }」と「{ $other }」は同じ名前です。
err-list-same-named = 「{ $name }」と「{ $other }」は同じ相手です。
err-list-validity = 公開名簿を使えるのは、発行から 366 日までです。
err-list-zones = 「{ $name }」のゾーンが正しくありません。
err-name-near = 「{ $text }」という名前はありません。何もしませんでした。近い名前が { $count } 件あります。この中の名前を、そのまま書いてください。{ $lines }
err-name-not-on-ledger = 公開名簿にある { $name } は、いまの台帳にはそのように登録されていません。何もしませんでした。市役所か運営者にたしかめてください。
err-name-several = 「{ $text }」は { $count } 件あり、どれかわかりません。何もしませんでした。この中の名前かアドレスを、そのまま書いてください。{ $lines }
err-name-unknown = 「{ $text }」という名前は知りません。公開名簿の名前を見るには: kyojo directory ls　自分で書いておくには: kyojo book add 名前 アドレス
err-no-address = 「{ $text }」はアドレスではありません。
err-no-directory = このノードに公開名簿はありません。
err-no-directory-keys = このネットワークには、公開名簿に署名する人が決められていません。
err-not-in-book = 「{ $text }」は住所録にありません。
err-which-zone = ゾーンがいくつもあります。--zone 番号 か --zone 名前 で選んでください。何もしませんでした。{ $lines }

label-act-sign-directory = 公開名簿に署名する
label-area = 地域
label-how-read = よみ
label-name-own = { $name }〔あなたの住所録〕
label-name-public = { $name }〔公開名簿〕
label-party-public = { $name }（{ $party }番、公開名簿）
label-reading = （{ $reading }）
label-zone-named = { $name }（ゾーン { $zone }）

note-book-empty = 住所録にはまだだれもいません。
note-book-unread = あなたの住所録は使いません。{ $reason }ファイルを直してください。またはファイルをほかの場所に移して、書きなおしてください: kyojo book add 名前 アドレス
note-directory-expired = 公開名簿の期限が切れているので、使いません。新しいものを受け取るには: kyojo directory fetch
note-directory-not-taken = 新しい公開名簿を使えません。{ $reason }
note-directory-unread = 公開名簿のファイル { $path } は使いません。{ $reason }新しいものを受け取るには: kyojo directory fetch
note-institutions-unread = 名前の一覧は使いません。{ $reason }新しい一覧を受け取るには: kyojo consent directory 一覧のファイル
note-keys-unread = 公開名簿は使いません。{ $reason }
note-left-out = …ほかに { $count } 件あります
note-list-sound = 正しい公開名簿です。{ $count } 件の名前があります。
note-no-names = そのような名前は公開名簿にありません。

code-6214 = このノードに公開名簿はありません。
